package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.shared.GroupBoth;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Who is seen on the faces of training and validation images. An image listed under several names
 * is one face; of several faces in an image the first counts. An image that stands under two
 * identities in a split is a {@link DataException}.
 */
public final class LabelFaces
    extends PTransform<PCollection<FaceName>, PCollection<LabelFaces.Labelled>> {
  private static final long serialVersionUID = 1L;

  private final transient PCollection<Sample> samples;

  private LabelFaces(PCollection<Sample> samples) {
    this.samples = samples;
  }

  /** What is read of table {@code samples}. */
  public record Sample(String imageId, String name, String identity, String split)
      implements Serializable {}

  /**
   * A face to train or validate on.
   *
   * @param faceId the face
   * @param split {@link SampleRow#TRAIN} or {@link SampleRow#VALIDATION}
   * @param identity who is seen; empty if unknown
   */
  public record Labelled(String faceId, String split, String identity) implements Serializable {}

  /** Labels by these samples. */
  public static LabelFaces by(PCollection<Sample> samples) {
    return new LabelFaces(samples);
  }

  @Override
  public PCollection<Labelled> expand(PCollection<FaceName> faces) {
    PCollection<KV<String, FaceName>> first =
        faces
            .apply("FirstFaces", Filter.by(face -> face.faceIndex() == 0))
            .apply(
                "KeyFaces", WithKeys.of(FaceName::imageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, Sample>> learnt =
        samples
            .apply("Learnt", Filter.by(LabelFaces::isLearnt))
            .apply(
                "KeySamples", WithKeys.of(Sample::imageId).withKeyType(TypeDescriptors.strings()));
    return learnt.apply("Join", GroupBoth.with(first)).apply("Label", ParDo.of(new LabelFn()));
  }

  private static boolean isLearnt(Sample sample) {
    return sample.split().equals(SampleRow.TRAIN) || sample.split().equals(SampleRow.VALIDATION);
  }

  private static final class LabelFn
      extends DoFn<KV<String, Iterable<KV<FaceName, Sample>>>, Labelled> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<FaceName, Sample>>> image, OutputReceiver<Labelled> out) {
      List<FaceName> faces = new ArrayList<>();
      List<Sample> samples = new ArrayList<>();
      GroupBoth.each(image.getValue(), faces::add, samples::add);
      samples.sort(Comparator.comparing(Sample::identity).thenComparing(Sample::name));
      TreeMap<String, Sample> bySplit = new TreeMap<>();
      samples.forEach(
          sample -> bySplit.merge(sample.split(), sample, (known, other) -> one(known, other)));
      for (FaceName face : faces) {
        bySplit.forEach(
            (split, sample) -> out.output(new Labelled(face.faceId(), split, sample.identity())));
      }
    }

    private static Sample one(Sample known, Sample other) {
      if (!known.identity().equals(other.identity())) {
        throw new DataException(
            "image %s (%s) stands under two identities, '%s' and '%s'; remove one of the files"
                .formatted(other.imageId(), other.name(), known.identity(), other.identity()));
      }
      return known;
    }
  }
}
