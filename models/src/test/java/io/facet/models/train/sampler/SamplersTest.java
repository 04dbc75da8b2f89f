package io.facet.models.train.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.face.Pixels;
import io.facet.models.train.data.SampleOrder;
import io.facet.models.train.data.TrainingSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplersTest {
  /** Labels by position; the face of position i is named after it. */
  private record Labels(int classes, int... labels) implements TrainingSet {
    @Override
    public int size() {
      return labels.length;
    }

    @Override
    public int label(int index) {
      return labels[index];
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }

    @Override
    public Pixels crop(int index) {
      throw new UnsupportedOperationException();
    }
  }

  /** Identity 0 has one crop, 1 two, 2 three, and so on. */
  private static Labels staircase(int identities) {
    return new Labels(
        identities,
        IntStream.range(0, identities)
            .flatMap(label -> IntStream.generate(() -> label).limit(label + 1))
            .toArray());
  }

  private static SampleOrder balanced(TrainingSet set, int batch, int crops, long seed) {
    return new Balanced().open(new Balanced.Options(crops), set, batch, seed);
  }

  private static SampleOrder half(TrainingSet set, int batch, int crops) {
    return new HalfBalanced().open(new HalfBalanced.Options(crops, true), set, batch, 5);
  }

  @Test
  void aBalancedBatchHasPIdentitiesSideBySide() {
    TrainingSet set = staircase(9);
    SampleOrder order = balanced(set, 12, 4, 5);

    int[][] batches = order.epoch(0);

    assertThat(order.batchesPerEpoch()).isEqualTo(45 / 12);
    assertThat(batches).hasDimensions(3, 12);
    Set<Integer> turns = new HashSet<>();
    for (int[] batch : batches) {
      for (int group = 0; group < 3; group++) {
        int[] labels =
            Arrays.stream(batch, 4 * group, 4 * group + 4).map(set::label).distinct().toArray();
        assertThat(labels).hasSize(1);
        assertThat(turns.add(labels[0])).as("one turn a round").isTrue();
      }
    }
    assertThat(turns).hasSize(9);
  }

  @Test
  void cropsRepeatOnlyWhereAnIdentityHasTooFew() {
    TrainingSet set = staircase(9);
    for (int[] batch : balanced(set, 12, 4, 5).epoch(2)) {
      for (int group = 0; group < 3; group++) {
        int[] crops = Arrays.copyOfRange(batch, 4 * group, 4 * group + 4);
        int own = set.label(crops[0]) + 1;
        assertThat(Arrays.stream(crops).distinct().count()).isEqualTo(Math.min(4, own));
      }
    }
  }

  @Test
  void laterRoundsGoOnThroughTheCropsOfAnIdentity() {
    TrainingSet set = new Labels(2, 0, 0, 0, 0, 1, 1, 1, 1);
    int[][] batches = balanced(set, 4, 2, 1).epoch(0);
    assertThat(IntStream.concat(Arrays.stream(batches[0]), Arrays.stream(batches[1])))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpoch() {
    TrainingSet set = staircase(9);
    int[][] first = balanced(set, 12, 4, 5).epoch(1);
    SampleOrder again = balanced(set, 12, 4, 5);
    assertThat(again.epoch(0)).isNotEqualTo(first);
    assertThat(again.epoch(1)).isEqualTo(first);
    assertThat(balanced(set, 12, 4, 6).epoch(1)).isNotEqualTo(first);
  }

  @Test
  void fewIdentitiesMakeASmallerBatch() {
    assertThat(balanced(staircase(3), 64, 4, 5).epoch(0)).hasDimensions(1, 12);
  }

  @Test
  void aHalfBalancedBatchBeginsWithAPassOverAllCrops() {
    TrainingSet set = staircase(9);
    SampleOrder order = half(set, 16, 4);

    int[][] batches = order.epoch(0);

    assertThat(batches).hasDimensions(5, 16).hasNumberOfRows(order.batchesPerEpoch());
    assertThat(Arrays.stream(batches).flatMapToInt(batch -> Arrays.stream(batch, 0, 8)))
        .doesNotHaveDuplicates();
    for (int[] batch : batches) {
      List<Integer> labels =
          Arrays.stream(batch, 8, 16).map(set::label).distinct().boxed().toList();
      assertThat(labels).hasSize(2);
    }
    assertThat(order.identityCrops(16)).isEqualTo(8);
    assertThat(half(set, 16, 4).epoch(0)).isEqualTo(batches);
  }

  @Test
  void theRandomHalfOfASmallSetIsTheWholeSet() {
    SampleOrder order = half(staircase(2), 16, 2);
    assertThat(order.epoch(0)).hasDimensions(1, 7);
    assertThat(order.identityCrops(7)).isEqualTo(3);
  }

  @Test
  void batchSizesThatDoNotDivideAreRefused() {
    assertThatThrownBy(() -> balanced(staircase(3), 10, 4, 1))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("multiple");
    assertThatThrownBy(() -> half(staircase(3), 12, 4))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("half");
  }
}
