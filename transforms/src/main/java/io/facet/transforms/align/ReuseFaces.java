package io.facet.transforms.align;

import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import java.util.Iterator;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Divides images into those whose face an earlier run cut out with the very same alignment, given
 * as {@link #FACES}, and those still to be aligned, {@link #IMAGES}: ten new images cost ten
 * detections.
 *
 * <pre>{@code
 * PCollectionTuple divided = images.apply(ReuseFaces.of(earlierFaces, options.digest()));
 * }</pre>
 */
public final class ReuseFaces extends PTransform<PCollection<ImageRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Faces that are there already. */
  public static final TupleTag<FaceRow> FACES = new TupleTag<>("faces") {};

  /** Images without such a face, earlier rejects among them. */
  public static final TupleTag<ImageRow> IMAGES = new TupleTag<>("images") {};

  private static final TupleTag<FaceRow> EARLIER = new TupleTag<>("earlier") {};
  private static final TupleTag<ImageRow> ALL = new TupleTag<>("all") {};

  private final transient PCollection<FaceRow> earlier;
  private final String alignmentDigest;

  private ReuseFaces(PCollection<FaceRow> earlier, String alignmentDigest) {
    this.earlier = earlier;
    this.alignmentDigest = alignmentDigest;
  }

  /**
   * Reuses faces.
   *
   * @param earlier faces of other runs; those of other alignments do not count, repeated ones once
   * @param alignmentDigest of the alignment wanted now
   */
  public static ReuseFaces of(PCollection<FaceRow> earlier, String alignmentDigest) {
    return new ReuseFaces(earlier, alignmentDigest);
  }

  @Override
  public PCollectionTuple expand(PCollection<ImageRow> images) {
    String digest = alignmentDigest;
    PCollection<KV<String, FaceRow>> faces =
        earlier
            .apply(
                "SameAlignment",
                Filter.by(
                    face ->
                        face.faceId().equals(FaceId.of(face.imageId(), face.faceIndex(), digest))))
            .apply(
                "KeyFaces", WithKeys.of(FaceRow::imageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, ImageRow>> keyed =
        images.apply(
            "KeyImages", WithKeys.of(ImageRow::imageId).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(EARLIER, faces)
        .and(ALL, keyed)
        .apply("Join", CoGroupByKey.create())
        .apply("Divide", ParDo.of(new DivideFn()).withOutputTags(FACES, TupleTagList.of(IMAGES)));
  }

  private static final class DivideFn extends DoFn<KV<String, CoGbkResult>, FaceRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void divide(@Element KV<String, CoGbkResult> image, MultiOutputReceiver out) {
      Iterator<ImageRow> images = image.getValue().getAll(ALL).iterator();
      if (!images.hasNext()) {
        return;
      }
      Iterator<FaceRow> faces = image.getValue().getAll(EARLIER).iterator();
      if (faces.hasNext()) {
        out.get(FACES).output(faces.next());
      } else {
        out.get(IMAGES).output(images.next());
      }
    }
  }
}
