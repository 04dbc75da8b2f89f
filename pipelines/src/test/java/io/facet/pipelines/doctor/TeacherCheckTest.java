package io.facet.pipelines.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TeacherCheckTest {
  @Test
  void aTeacherThatEmbedsAsTheRecipeSaysIsFine() throws Exception {
    assertThat(check(OptionalInt.of(4), 0.5f).look()).contains("'strong'").contains("4 numbers");
    assertThat(check(OptionalInt.empty(), 0.5f).look()).contains("4 numbers");
  }

  @Test
  void anotherWidthThanTheRecipesIsFoundBeforeAnyRun() {
    assertThatThrownBy(() -> check(OptionalInt.of(512), 0.5f).look())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("4 numbers, the recipe says 512");
  }

  @Test
  void embeddingsThatAreNoNumbersAreFound() {
    assertThatThrownBy(() -> check(OptionalInt.empty(), Float.NaN).look())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("NaN");
  }

  private static TeacherCheck check(OptionalInt width, float value) {
    return new TeacherCheck("strong", width, () -> new Constant(value));
  }

  /** Four equal numbers for every face. */
  private record Constant(float value) implements Embedder {
    @Override
    public int embeddingSize() {
      return 4;
    }

    @Override
    public Preprocessing preprocessing() {
      return Preprocessing.STANDARD;
    }

    @Override
    public float[][] embed(List<Pixels> crops) {
      float[][] rows = new float[crops.size()][4];
      for (float[] row : rows) {
        Arrays.fill(row, value);
      }
      return rows;
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
