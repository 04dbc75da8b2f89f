package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSchemaTest {
  @Test
  void columnsAreSnakeCase() {
    Schema schema = RowSchema.of(RowType.of(ScoreRow.class));
    assertThat(schema.getFields().stream().map(Schema.Field::name))
        .containsExactly(
            "model",
            "set",
            "position",
            "fold",
            "same",
            "left_face_id",
            "right_face_id",
            "left_image_id",
            "right_image_id",
            "score");
  }

  @Test
  void rowsOfEveryKindSurviveAParquetFile(@TempDir Path folder) throws IOException {
    RecordCoderTest.Everything row =
        new RecordCoderTest.Everything(
            "text",
            -1,
            1L << 40,
            0.1f,
            -0.0,
            true,
            new byte[] {1, 2},
            new float[] {0.5f, Float.NaN},
            new int[] {3},
            List.of("a", ""),
            RecordCoderTest.Colour.GREEN);
    Class<RecordCoderTest.Everything> type = RecordCoderTest.Everything.class;
    String attempt = folder.toString();
    Pipelines.run(
        pipeline ->
            pipeline
                .apply(Create.of(row).withCoder(RecordCoder.of(type)))
                .apply(FacetParquetIO.write(type, "rows").to(attempt)));
    List<RecordCoderTest.Everything> read =
        ParquetTable.readAll(type, TableSummary.read(attempt, "rows").uris(attempt));
    assertThat(TableDigest.of(type, read)).isEqualTo(TableDigest.of(type, List.of(row)));
  }

  @Test
  void faceIdsNameTheirImage() {
    String image = "a".repeat(64);
    String face = FaceId.of(image, 2, "0123456789abcdef");
    assertThat(face).isEqualTo(image + "-2-0123456789ab");
    assertThat(FaceId.imageId(face)).isEqualTo(image);
  }
}
