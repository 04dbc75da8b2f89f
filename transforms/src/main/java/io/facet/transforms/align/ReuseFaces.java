package io.facet.transforms.align;

import io.facet.models.face.AlignOptions;
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
 * PCollectionTuple divided = images.apply(ReuseFaces.of(earlierFaces, options));
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
  private final ImageAlignment alignment;

  private ReuseFaces(PCollection<FaceRow> earlier, ImageAlignment alignment) {
    this.earlier = earlier;
    this.alignment = alignment;
  }

  /**
   * Reuses faces.
   *
   * @param earlier faces of other runs; those of other alignments do not count, repeated ones once
   * @param options of the alignment wanted now
   */
  public static ReuseFaces of(PCollection<FaceRow> earlier, AlignOptions options) {
    return new ReuseFaces(earlier, ImageAlignment.of(options));
  }

  @Override
  public PCollectionTuple expand(PCollection<ImageRow> images) {
    ImageAlignment wanted = alignment;
    PCollection<KV<String, FaceRow>> faces =
        earlier
            .apply(
                "SameAlignment",
                Filter.by(face -> isOf(face, wanted.digest()) || isOf(face, wanted.cropDigest())))
            .apply(
                "KeyFaces", WithKeys.of(FaceRow::imageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, ImageRow>> keyed =
        images.apply(
            "KeyImages", WithKeys.of(ImageRow::imageId).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(EARLIER, faces)
        .and(ALL, keyed)
        .apply("Join", CoGroupByKey.create())
        .apply(
            "Divide",
            ParDo.of(new DivideFn(wanted)).withOutputTags(FACES, TupleTagList.of(IMAGES)));
  }

  private static boolean isOf(FaceRow face, String digest) {
    return face.faceId().equals(FaceId.of(face.imageId(), face.faceIndex(), digest));
  }

  private static final class DivideFn extends DoFn<KV<String, CoGbkResult>, FaceRow> {
    private static final long serialVersionUID = 1L;

    private final ImageAlignment wanted;

    DivideFn(ImageAlignment wanted) {
      this.wanted = wanted;
    }

    @ProcessElement
    public void divide(@Element KV<String, CoGbkResult> image, MultiOutputReceiver out) {
      Iterator<ImageRow> images = image.getValue().getAll(ALL).iterator();
      if (!images.hasNext()) {
        return;
      }
      ImageRow one = images.next();
      for (FaceRow face : image.getValue().getAll(EARLIER)) {
        if (isOf(face, wanted.digest(one))) {
          out.get(FACES).output(face);
          return;
        }
      }
      out.get(IMAGES).output(one);
    }
  }
}
