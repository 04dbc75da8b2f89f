package io.facet.transforms.align;

import io.facet.models.face.AlignOptions;
import io.facet.transforms.parquet.LocatedRows.Wanted;
import io.facet.transforms.parquet.ParquetTable.RowGroup;
import io.facet.transforms.parquet.Partition;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.shared.GroupBoth;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Divides images into those whose face an earlier run cut out with the very same alignment, given
 * as {@link #FACES}, and those still to be aligned, {@link #IMAGES}: ten new images cost ten
 * detections. Both tell where the rows lie; each goes to the partition of its image.
 *
 * <pre>{@code
 * PCollectionTuple divided = images.apply(ReuseFaces.of(earlierFaces, options));
 * divided.get(ReuseFaces.IMAGES).apply(LocatedRows.rows(ImageRow.class, ImageRow::imageId));
 * }</pre>
 */
final class ReuseFaces extends PTransform<PCollection<KV<RowGroup, ImageShape>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Faces that are there already, by their face ids. */
  static final TupleTag<KV<RowGroup, Wanted>> FACES = new TupleTag<>("faces") {};

  /** Images without such a face, earlier rejects among them, by their image ids. */
  static final TupleTag<KV<RowGroup, Wanted>> IMAGES = new TupleTag<>("images") {};

  private final transient PCollection<KV<RowGroup, FaceName>> earlier;
  private final ImageAlignment alignment;

  private ReuseFaces(PCollection<KV<RowGroup, FaceName>> earlier, ImageAlignment alignment) {
    this.earlier = earlier;
    this.alignment = alignment;
  }

  /**
   * Reuses faces.
   *
   * @param earlier faces of other runs; those of other alignments do not count, repeated ones once
   * @param options of the alignment wanted now
   */
  static ReuseFaces of(PCollection<KV<RowGroup, FaceName>> earlier, AlignOptions options) {
    return new ReuseFaces(earlier, ImageAlignment.of(options));
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<RowGroup, ImageShape>> images) {
    ImageAlignment wanted = alignment;
    PCollection<KV<String, KV<RowGroup, FaceName>>> faces =
        earlier
            .apply("SameAlignment", Filter.by(face -> isWanted(face.getValue(), wanted)))
            .apply(
                "KeyFaces",
                WithKeys.<String, KV<RowGroup, FaceName>>of(face -> face.getValue().imageId())
                    .withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, KV<RowGroup, ImageShape>>> keyed =
        images.apply(
            "KeyImages",
            WithKeys.<String, KV<RowGroup, ImageShape>>of(image -> image.getValue().imageId())
                .withKeyType(TypeDescriptors.strings()));
    return keyed
        .apply("Join", GroupBoth.with(faces))
        .apply(
            "Divide",
            ParDo.of(new DivideFn(wanted)).withOutputTags(FACES, TupleTagList.of(IMAGES)));
  }

  private static boolean isWanted(FaceName face, ImageAlignment wanted) {
    return face.isOf(wanted.digest()) || face.isOf(wanted.cropDigest());
  }

  private static final class DivideFn
      extends DoFn<
          KV<String, Iterable<KV<KV<RowGroup, FaceName>, KV<RowGroup, ImageShape>>>>,
          KV<RowGroup, Wanted>> {
    private static final long serialVersionUID = 1L;

    private final ImageAlignment alignment;

    DivideFn(ImageAlignment alignment) {
      this.alignment = alignment;
    }

    @ProcessElement
    public void divide(
        @Element KV<String, Iterable<KV<KV<RowGroup, FaceName>, KV<RowGroup, ImageShape>>>> joined,
        MultiOutputReceiver out) {
      List<KV<RowGroup, FaceName>> faces = new ArrayList<>();
      KV<RowGroup, ImageShape> image = null;
      for (KV<KV<RowGroup, FaceName>, KV<RowGroup, ImageShape>> one : joined.getValue()) {
        if (one.getKey() != null) {
          faces.add(one.getKey());
        } else {
          image = one.getValue();
        }
      }
      if (image == null) {
        return; // an image that is gone
      }
      String partition = Partition.folder(image.getKey().uri());
      String digest = alignment.digest(image.getValue());
      for (KV<RowGroup, FaceName> face : faces) {
        if (face.getValue().isOf(digest)) {
          Wanted wanted = new Wanted(face.getValue().faceId(), partition);
          out.get(FACES).output(KV.of(face.getKey(), wanted));
          return;
        }
      }
      out.get(IMAGES).output(KV.of(image.getKey(), new Wanted(joined.getKey(), partition)));
    }
  }
}
