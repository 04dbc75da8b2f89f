package io.facet.pipelines.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.models.protocol.PairScores;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OwnEvaluationTest {
  /** Different pairs score 0, 0.001, ... and as many pairs of one person 0.5 more. */
  private static PairScores pairs(int different) {
    double[] scores = new double[2 * different];
    boolean[] same = new boolean[2 * different];
    for (int i = 0; i < different; i++) {
      scores[2 * i] = i * 0.001;
      scores[2 * i + 1] = 0.5 + i * 0.001;
      same[2 * i + 1] = true;
    }
    return PairScores.of(scores, same);
  }

  private final OwnEvaluation evaluation =
      new OwnEvaluation(new TreeMap<>(Map.of("small", pairs(50), "large", pairs(200))));

  @Test
  void noMoreThanTheShareOfDifferentPairsReachesTheThreshold() {
    OwnEvaluation.Threshold threshold = evaluation.threshold(Optional.empty(), 0.05);
    assertThat(threshold.set()).isEqualTo("large");
    assertThat(threshold.differentPairs()).isEqualTo(200);
    // 10 of 200 pairs score 0.190 or more; an eleventh would be too many.
    assertThat(threshold.cosine()).isEqualTo(0.190);
  }

  @Test
  void aSetMayBeNamed() {
    assertThat(evaluation.threshold(Optional.of("small"), 0.1).cosine()).isEqualTo(0.045);
    assertThatThrownBy(() -> evaluation.threshold(Optional.of("other"), 0.1))
        .isInstanceOf(RecipeException.class)
        .hasMessage("--set: the model was not evaluated on 'other', but on large, small");
  }

  @Test
  void tooFewDifferentPairsGiveNoThreshold() {
    assertThatThrownBy(() -> evaluation.threshold(Optional.empty(), 1e-3))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("--far: needs 1000 different pairs, the set has 200 on large");
  }
}
