package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.row.PairRow;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairBlocksTest {
  @Test
  void smallListsAreOneBlock() {
    assertThat(PairBlocks.of(0, 0).count()).isEqualTo(1);
    assertThat(PairBlocks.of(13_233, 6_000).count()).isEqualTo(1);
    assertThat(PairBlocks.of(PairBlocks.IMAGES, PairBlocks.PAIRS / 2).count()).isEqualTo(1);
  }

  @Test
  void manyImagesOrManyPairsNeedMore() {
    assertThat(PairBlocks.of(PairBlocks.IMAGES + 1, 1).count()).isEqualTo(2);
    assertThat(PairBlocks.of(10_000_000, 5_000_000).count()).isEqualTo(306);
    assertThat(PairBlocks.of(50_000, 50_000_000).count()).isEqualTo(28);
    assertThat(PairBlocks.of(469_375, 15_658_489).count()).as("IJB-C's size").isEqualTo(16);
  }

  /** Ids that repeat themselves have hashes that are multiples of four. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void pairsSpreadEvenlyAndWithTheirSidesTurned(int repeated) {
    PairBlocks blocks = new PairBlocks(4);
    SplittableRandom random = new SplittableRandom(1);
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 16_000; i++) {
      String left = "%016x".formatted(random.nextLong()).repeat(repeated);
      String right = "%016x".formatted(random.nextLong()).repeat(repeated);
      String key = blocks.between(new PairRow("set", i, 0, left, right, true));
      assertThat(blocks.between(new PairRow("set", i, 0, right, left, true))).isEqualTo(key);
      counts.merge(key, 1, Integer::sum);
    }
    assertThat(counts).hasSize(10);
    counts.forEach(
        (key, count) ->
            assertThat(count)
                .as(key)
                .isBetween(
                    key.charAt(0) == key.charAt(2) ? 800 : 1800,
                    key.charAt(0) == key.charAt(2) ? 1200 : 2200));
  }
}
