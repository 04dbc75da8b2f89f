package io.facet.transforms.embed;

import io.facet.transforms.parquet.LocatedRows;
import io.facet.transforms.parquet.ParquetTable.RowGroup;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.shared.GroupBoth;
import java.util.List;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads the faces of the images in a collection of image ids (repeated ones count once); of several
 * faces in an image the first. Only names are joined; the crops are read where they lie.
 *
 * <pre>{@code
 * PCollection<FaceRow> faces = imageIds.apply("Faces", ChooseFaces.from(files));
 * }</pre>
 */
public final class ChooseFaces extends PTransform<PCollection<String>, PCollection<FaceRow>> {
  private static final long serialVersionUID = 1L;

  private final List<String> files;

  private ChooseFaces(List<String> files) {
    this.files = List.copyOf(files);
  }

  /** Reads them from these data files of table {@code faces}. */
  public static ChooseFaces from(List<String> files) {
    return new ChooseFaces(files);
  }

  @Override
  public PCollection<FaceRow> expand(PCollection<String> imageIds) {
    PCollection<KV<String, String>> wanted =
        imageIds
            .apply("OnceEach", Distinct.create())
            .apply(
                "KeyIds",
                WithKeys.<String, String>of(id -> id).withKeyType(TypeDescriptors.strings()));
    return imageIds
        .getPipeline()
        .apply("FindFaces", LocatedRows.of(FaceName.class, files))
        .apply(
            "KeyFaces",
            WithKeys.<String, KV<RowGroup, FaceName>>of(face -> face.getValue().imageId())
                .withKeyType(TypeDescriptors.strings()))
        .apply("Join", GroupBoth.with(wanted))
        .apply("Choose", ParDo.of(new ChooseFn()))
        .apply("ReadFaces", LocatedRows.rows(FaceRow.class, FaceRow::faceId))
        .apply("Faces", Values.create());
  }

  private static final class ChooseFn
      extends DoFn<
          KV<String, Iterable<KV<String, KV<RowGroup, FaceName>>>>,
          KV<RowGroup, LocatedRows.Wanted>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void choose(
        @Element KV<String, Iterable<KV<String, KV<RowGroup, FaceName>>>> image,
        OutputReceiver<KV<RowGroup, LocatedRows.Wanted>> out) {
      GroupBoth.lookUp(
          image.getValue(),
          (wanted, face) -> {
            if (wanted != null && face.getValue().faceIndex() == 0) {
              String name = face.getValue().faceId();
              out.output(KV.of(face.getKey(), new LocatedRows.Wanted(name, "")));
            }
          });
    }
  }
}
