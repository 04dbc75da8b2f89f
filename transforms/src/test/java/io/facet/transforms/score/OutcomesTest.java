package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.transforms.row.OutcomeRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomesTest {
  private static Outcomes drawn(int pairs, boolean known) {
    Random random = new Random(pairs);
    boolean[] same = new boolean[pairs];
    boolean[] correct = new boolean[pairs];
    for (int i = 0; i < pairs; i++) {
      same[i] = random.nextBoolean();
      correct[i] = random.nextBoolean();
    }
    int[] left = random.ints(known ? pairs : 0, 0, 99).toArray();
    int[] right = IntStream.of(left).map(one -> one + 1).toArray();
    return new Outcomes("digest", same, correct, left, right);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9, 32_767, 32_768, 32_769, 65_536, 100_001})
  void rowsInAnyOrderGiveAllPairsBack(int pairs) {
    for (boolean known : new boolean[] {true, false}) {
      Outcomes outcomes = drawn(pairs, known);
      List<OutcomeRow> rows = new ArrayList<>(outcomes.rows("m", "lfw").toList());
      assertThat(rows).hasSize((pairs + OutcomeRow.PAIRS - 1) / OutcomeRow.PAIRS);
      Collections.shuffle(rows, new Random(1));
      assertSame(Outcomes.of(rows), outcomes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 65_537})
  void aRowOfBeforeHoldsItsWholeSet(int pairs) {
    Outcomes outcomes = drawn(pairs, true);
    byte[] same = new byte[(pairs + 7) / 8];
    byte[] correct = new byte[same.length];
    for (int i = 0; i < pairs; i++) {
      same[i / 8] |= (byte) (outcomes.same()[i] ? 1 << i % 8 : 0);
      correct[i / 8] |= (byte) (outcomes.correct()[i] ? 1 << i % 8 : 0);
    }
    OutcomeRow row =
        new OutcomeRow(
            "m", "lfw", pairs, "digest", same, correct, outcomes.left(), outcomes.right());
    assertSame(Outcomes.of(List.of(row)), outcomes);
  }

  private static void assertSame(Outcomes read, Outcomes expected) {
    assertThat(read.pairsDigest()).isEqualTo(expected.pairsDigest());
    assertThat(read.same()).isEqualTo(expected.same());
    assertThat(read.correct()).isEqualTo(expected.correct());
    assertThat(read.left()).isEqualTo(expected.left());
    assertThat(read.right()).isEqualTo(expected.right());
  }

  @Test
  void aMissingRowIsSaid() {
    List<OutcomeRow> rows = new ArrayList<>(drawn(100_000, true).rows("m", "lfw").toList());
    rows.remove(1);
    assertThatThrownBy(() -> Outcomes.of(rows))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "outcomes of m on lfw: pairs from 32768 on are missing; delete the artifact and run the"
                + " recipe again");
  }
}
