package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.testing.Pipelines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;

class ScoredPairsTest {
  private static final int PAIRS = 3000; // more than a column holds at first

  private static ScoreRow row(int position, int fold) {
    boolean same = position % 2 == 0;
    int left = position % 50;
    int right = same ? left : (left + 1) % 50;
    return new ScoreRow(
        "m",
        "lfw",
        position,
        fold,
        same,
        "face " + left,
        "face " + right,
        "image " + left,
        "image " + right,
        position / (double) PAIRS);
  }

  private static List<ScoreRow> rows(boolean folds) {
    List<ScoreRow> rows = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      rows.add(row(i, folds && i >= 1500 ? 4 : 3));
    }
    Collections.shuffle(rows, new Random(1));
    return rows;
  }

  private static Map<String, Long> people() {
    Map<String, Long> people = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      people.put("image " + i, 100L - i / 2);
    }
    return people;
  }

  @Test
  void pairsStandInTheOrderOfTheirList() {
    ScoredPairs pairs = ScoredPairs.of(rows(true), people());
    assertThat(pairs.pairs().scores()).isSorted().hasSize(PAIRS);
    assertThat(pairs.pairs().same()).startsWith(true, false, true);
    assertThat(pairs.pairs().folds()).startsWith(3, 3).endsWith(4, 4).hasSize(PAIRS);
  }

  @Test
  void pairsWithoutFoldsAreSpreadOverTen() {
    assertThat(ScoredPairs.of(rows(false), Map.of()).pairs().folds()).startsWith(0).endsWith(9);
  }

  @Test
  void theDigestIsOfTheirTextWhateverTheirOrder() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PAIRS; i++) {
      ScoreRow row = row(i, i >= 1500 ? 4 : 3);
      text.append(
          "%d %d %s %s %s\n"
              .formatted(
                  i,
                  row.fold(),
                  row.same() ? "same" : "different",
                  row.leftFaceId(),
                  row.rightFaceId()));
    }
    assertThat(ScoredPairs.of(rows(true), Map.of()).digest())
        .isEqualTo(Sha256.hex(text.toString()));
  }

  @Test
  void peopleAreNumberedByRisingIdentity() {
    ScoredPairs pairs = ScoredPairs.of(rows(true), people());
    assertThat(pairs.leftPeople()).startsWith(24, 24, 23, 23);
    assertThat(pairs.rightPeople()).startsWith(24, 23, 23, 22);
    assertThat(pairs.resampling(ResamplingUnit.IDENTITY).identities()).isEqualTo(25);
  }

  @Test
  void nobodyIsKnownWhereSomebodyIsNot() {
    Map<String, Long> people = people();
    people.remove("image 7");
    ScoredPairs pairs = ScoredPairs.of(rows(true), people);
    assertThat(pairs.leftPeople()).isEmpty();
    assertThat(pairs.resampling(ResamplingUnit.IDENTITY).unit()).isEqualTo(ResamplingUnit.PAIR);
  }

  @Test
  void aPipelineKeepsTheOutcomesOfEachSetWithItsOwnPeople() {
    List<ScoreRow> scores = rows(true);
    List<IdentityRow> identities = new ArrayList<>();
    people().forEach((image, person) -> identities.add(new IdentityRow("lfw", image, person)));
    identities.add(new IdentityRow("other", "image 0", -1));
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(0.95, 20, 1, List.of(0.01), ResamplingUnit.IDENTITY);
    VerificationMetrics.Subject subject =
        new VerificationMetrics.Subject("m", "teacher", "", 0, false);
    OutcomeRow expected = Outcomes.of(ScoredPairs.of(scores, people())).row("m", "lfw");
    Pipelines.run(
        pipeline ->
            PAssert.thatSingleton(
                    pipeline
                        .apply(
                            "Scores", Create.of(scores).withCoder(RecordCoder.of(ScoreRow.class)))
                        .apply(
                            MeasurePairs.of(
                                subject,
                                pipeline.apply(
                                    "Identities",
                                    Create.of(identities)
                                        .withCoder(RecordCoder.of(IdentityRow.class))),
                                options))
                        .get(MeasurePairs.OUTCOMES))
                .satisfies(
                    row -> {
                      assertThat(row).usingRecursiveComparison().isEqualTo(expected);
                      return null;
                    }));
  }
}
