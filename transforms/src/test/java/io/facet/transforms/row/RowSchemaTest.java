package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

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
  void rowsSurviveTheWayThroughAvro() {
    RowType<RecordCoderTest.Everything> type = RowType.of(RecordCoderTest.Everything.class);
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
    var avro = RowSchema.toAvro(type, RowSchema.of(type), row);
    assertThat(RowSchema.fromAvro(type, avro)).usingRecursiveComparison().isEqualTo(row);
  }

  @Test
  void faceIdsNameTheirImage() {
    String image = "a".repeat(64);
    String face = FaceId.of(image, 2, "0123456789abcdef");
    assertThat(face).isEqualTo(image + "-2-0123456789ab");
    assertThat(FaceId.imageId(face)).isEqualTo(image);
  }
}
