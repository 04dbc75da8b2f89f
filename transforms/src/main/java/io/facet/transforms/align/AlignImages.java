package io.facet.transforms.align;

import io.facet.models.face.AlignOptions;
import io.facet.transforms.attempt.CountWork;
import io.facet.transforms.parquet.LocatedRows;
import io.facet.transforms.parquet.ParquetTable.RowGroup;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.RecordCoder;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapValues;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Aligns the images of a table, where faces of an earlier run are reused: outputs as of {@link
 * AlignFaces}, but for crops that are images of the table as they are, of which there is no copy.
 * Only names move between workers.
 *
 * <pre>{@code
 * PCollectionTuple aligned =
 *     pipeline.apply("Align", AlignImages.of(imageFiles, options, attempt).reusing(faceFiles));
 * }</pre>
 */
public final class AlignImages extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final List<String> images;
  private final AlignOptions options;
  private final String attempt;
  private final List<String> earlier;

  private AlignImages(
      List<String> images, AlignOptions options, String attempt, List<String> earlier) {
    this.images = List.copyOf(images);
    this.options = options;
    this.attempt = attempt;
    this.earlier = List.copyOf(earlier);
  }

  /**
   * Aligns all images.
   *
   * @param images data files of table {@code images}
   * @param attempt URI of the attempt folder the work is counted into, see {@link CountWork}
   */
  public static AlignImages of(List<String> images, AlignOptions options, String attempt) {
    return new AlignImages(images, options, attempt, List.of());
  }

  /** The same where these files of a table {@code faces} have no face of the same alignment. */
  public AlignImages reusing(List<String> faces) {
    return new AlignImages(images, options, attempt, faces);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PCollection<KV<RowGroup, FaceName>> known =
        begin.apply("FindEarlier", LocatedRows.of(FaceName.class, earlier));
    PCollectionTuple divided =
        begin
            .apply("FindImages", LocatedRows.of(ImageShape.class, images))
            .apply("ReuseFaces", ReuseFaces.of(known, options));
    PCollectionTuple aligned =
        divided
            .get(ReuseFaces.IMAGES)
            .apply("Expected", CountWork.expected(attempt))
            .apply("ReadImages", LocatedRows.rows(ImageRow.class, ImageRow::imageId))
            .apply("AlignFaces", AlignFaces.with(options));
    PCollection<KV<String, FaceRow>> reused =
        divided
            .get(ReuseFaces.FACES)
            .apply("ReadEarlier", LocatedRows.rows(FaceRow.class, FaceRow::faceId));
    PCollection<KV<String, FaceRow>> faces =
        PCollectionList.of(reused)
            .and(aligned.get(AlignFaces.FACES).apply("Aligned", CountWork.done(attempt)))
            .apply("AllFaces", Flatten.pCollections())
            .apply(
                "WithoutImages",
                MapValues.into(TypeDescriptor.of(FaceRow.class)).via(FaceRow::withoutImage))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(FaceRow.class)));
    return PCollectionTuple.of(AlignFaces.FACES, faces)
        .and(
            AlignFaces.REJECTS,
            aligned.get(AlignFaces.REJECTS).apply("Rejected", CountWork.done(attempt)))
        .and(AlignFaces.TIMINGS, aligned.get(AlignFaces.TIMINGS));
  }
}
