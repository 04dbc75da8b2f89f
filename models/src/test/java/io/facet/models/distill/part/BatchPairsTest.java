package io.facet.models.distill.part;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchPairsTest {
  @Test
  void everyPairIsEitherOfOneIdentityOrOfTwo() {
    BatchPairs pairs = BatchPairs.of(new long[] {7, 5, 7});

    assertThat(pairs.positives()).containsExactly(2);
    assertThat(pairs.negatives()).containsExactly(1, 5);
  }

  @Test
  void oneSampleHasNoPair() {
    BatchPairs pairs = BatchPairs.of(new long[] {7});

    assertThat(pairs.positives()).isEmpty();
    assertThat(pairs.negatives()).isEmpty();
  }

  @Test
  void mostSimilarComeFirstAndEqualOnesInTheirOrder() {
    float[] values = {0.3f, -0.5f, -0.0f, 0.9f, 0.3f, -0.7f};
    int[] all = {0, 1, 2, 3, 4, 5};

    assertThat(BatchPairs.mostSimilar(all, values, 6)).containsExactly(3, 0, 4, 2, 1, 5);
    assertThat(BatchPairs.mostSimilar(all, values, 2)).containsExactly(3, 0);
    assertThat(BatchPairs.mostSimilar(new int[] {5, 1}, values, 9)).containsExactly(1, 5);
    assertThat(BatchPairs.mostSimilar(new int[0], values, 9)).isEmpty();
  }
}
