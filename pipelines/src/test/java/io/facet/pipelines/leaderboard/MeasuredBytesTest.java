package io.facet.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.score.Outcomes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredBytesTest {
  private static final int PAIRS = 400;

  /** Pairs of ten people, or of nobody known. */
  private static Leaderboard.Measured measured(String model, String digest, boolean known) {
    boolean[] same = new boolean[PAIRS];
    boolean[] correct = new boolean[PAIRS];
    int[] people = new int[known ? PAIRS : 0];
    for (int i = 0; i < PAIRS; i++) {
      same[i] = i % 3 == 0;
      correct[i] = (i + model.hashCode()) % 7 != 0;
    }
    Arrays.setAll(people, i -> i % 10);
    return new Leaderboard.Measured(
        MeasuredBytes.UNNAMED,
        new MetricRow(model, "student", "m", 3, "lfw", "p", "accuracy", 0.9, 0.8, Double.NaN),
        17,
        new Outcomes(digest, same, correct, people, people.clone()));
  }

  private static Map<String, List<Leaderboard.Measured>> some() {
    return Map.of(
        "/evaluate/a/attempt-1",
        List.of(measured("a", "one", true), measured("a", "two", true)),
        "/evaluate/b/attempt-2",
        List.of(measured("b", "one", true), measured("b", "one", false)),
        "/evaluate/0/attempt-3",
        List.of());
  }

  @Test
  void whatWasWrittenIsReadAsItWas() {
    var read = MeasuredBytes.decode(MeasuredBytes.encode(some())).orElseThrow();
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(some());
  }

  @Test
  void aListMayHaveMorePairsThanARowOfItsTable() {
    boolean[] bits = new boolean[OutcomeRow.PAIRS + 5];
    bits[OutcomeRow.PAIRS + 3] = true;
    Leaderboard.Measured small = measured("a", "one", true);
    var large =
        Map.of(
            "a",
            List.of(
                new Leaderboard.Measured(
                    MeasuredBytes.UNNAMED,
                    small.accuracy(),
                    1,
                    new Outcomes("large", bits, bits.clone(), new int[0], new int[0]))));
    var read = MeasuredBytes.decode(MeasuredBytes.encode(large)).orElseThrow();
    assertThat(read)
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(large);
  }

  @Test
  void aListOfPairsIsWrittenOnce() {
    int one = MeasuredBytes.encode(Map.of("a", List.of(measured("a", "one", true)))).length;
    int two =
        MeasuredBytes.encode(
                Map.of("a", List.of(measured("a", "one", true), measured("b", "one", true))))
            .length;
    assertThat(one).isGreaterThan(2 * PAIRS * Integer.BYTES);
    assertThat(two - one).isBetween(PAIRS / Byte.SIZE, PAIRS / 2);
  }

  @Test
  void otherBytesAreNothing() {
    byte[] whole = MeasuredBytes.encode(some());
    for (int length = 0; length < whole.length; length++) {
      assertThat(MeasuredBytes.decode(Arrays.copyOf(whole, length))).as("%d", length).isEmpty();
    }
  }
}
