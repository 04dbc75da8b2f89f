package io.facet.transforms.embed;

import io.facet.transforms.row.FaceRow;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Keeps the faces of the images in a collection of image ids (repeated ones count once); of several
 * faces in an image the first.
 */
public final class ChooseFaces extends PTransform<PCollection<FaceRow>, PCollection<FaceRow>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<FaceRow> FACES = new TupleTag<>("faces") {};
  private static final TupleTag<String> WANTED = new TupleTag<>("wanted") {};

  private final transient PCollection<String> imageIds;

  private ChooseFaces(PCollection<String> imageIds) {
    this.imageIds = imageIds;
  }

  /** Faces of these images. */
  public static ChooseFaces of(PCollection<String> imageIds) {
    return new ChooseFaces(imageIds);
  }

  @Override
  public PCollection<FaceRow> expand(PCollection<FaceRow> faces) {
    PCollection<KV<String, FaceRow>> byImage =
        faces.apply(
            "KeyFaces", WithKeys.of(FaceRow::imageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, String>> wanted =
        imageIds.apply(
            "KeyIds", WithKeys.<String, String>of(id -> id).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(FACES, byImage)
        .and(WANTED, wanted)
        .apply("Join", CoGroupByKey.create())
        .apply("Choose", ParDo.of(new ChooseFn()));
  }

  private static final class ChooseFn extends DoFn<KV<String, CoGbkResult>, FaceRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> image, OutputReceiver<FaceRow> out) {
      if (!image.getValue().getAll(WANTED).iterator().hasNext()) {
        return;
      }
      for (FaceRow face : image.getValue().getAll(FACES)) {
        if (face.faceIndex() == 0) {
          out.output(face);
        }
      }
    }
  }
}
