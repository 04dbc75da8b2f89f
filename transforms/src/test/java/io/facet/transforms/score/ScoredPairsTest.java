package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.FaceId;
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
        FaceId.of(image(left), 0, "0123456789ab"),
        FaceId.of(image(right), 0, "0123456789ab"),
        image(left),
        image(right),
        position / (double) PAIRS);
  }

  private static String image(int number) {
    return "%064d".formatted(number);
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
      people.put(image(i), 100L - i / 2);
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
    people.remove(image(7));
    ScoredPairs pairs = ScoredPairs.of(rows(true), people);
    assertThat(pairs.leftPeople()).isEmpty();
    assertThat(pairs.resampling(ResamplingUnit.IDENTITY).unit()).isEqualTo(ResamplingUnit.PAIR);
  }

  @Test
  void setsAreKeptApart() {
    List<ScoreRow> both = new ArrayList<>(rows(true));
    both.add(new ScoreRow("m", "other", 7, 0, true, "face a", "face b", "image a", "image b", 0.5));
    Map<String, ScoredPairs> sets = ScoredPairs.bySet(both, Map.of("lfw", people()));
    assertThat(sets.keySet()).containsExactly("lfw", "other");
    assertThat(sets.get("lfw").digest()).isEqualTo(ScoredPairs.of(rows(true), Map.of()).digest());
    assertThat(sets.get("lfw").leftPeople()).hasSize(PAIRS);
    assertThat(sets.get("other").pairs().scores()).containsExactly(0.5);
    assertThat(sets.get("other").leftPeople()).isEmpty();
  }

  @Test
  void commonPairsAreThoseOfOnePlaceKindAndImages() {
    List<ScoreRow> ours = rows(true);
    List<ScoreRow> theirs = new ArrayList<>();
    List<ScoreRow> expected = new ArrayList<>();
    for (ScoreRow row : rows(true)) {
      switch (row.position() % 7) {
        case 0 -> {} // not judged
        case 1 -> theirs.add(with(row, !row.same(), row.rightImageId()));
        case 2 -> theirs.add(with(row, row.same(), image(999)));
        default -> {
          theirs.add(with(row, row.same(), row.rightImageId()));
          expected.add(row);
        }
      }
    }
    Map<String, Long> people = people();
    people.put(image(999), 3L);
    ScoredPairs common = ScoredPairs.of(ours, people).common(ScoredPairs.of(theirs, people));
    ScoredPairs alone = ScoredPairs.of(expected, people);
    assertThat(common.size()).isEqualTo(alone.size()).isBetween(1, PAIRS - 1);
    assertThat(common.digest()).isEqualTo(alone.digest());
    assertThat(common.pairs().scores()).isEqualTo(alone.pairs().scores());
    assertThat(common.leftPeople()).isEqualTo(alone.leftPeople());
  }

  /** Another model's row, of another crop of the same image. */
  private static ScoreRow with(ScoreRow row, boolean same, String rightImage) {
    return new ScoreRow(
        "n",
        row.set(),
        row.position(),
        row.fold(),
        same,
        FaceId.of(row.leftImageId(), 0, "ba9876543210"),
        FaceId.of(rightImage, 0, "ba9876543210"),
        row.leftImageId(),
        rightImage,
        -row.score());
  }

  @Test
  void whoIsOnCommonPairsIsNumberedAmongThem() {
    List<ScoreRow> ours = rows(true);
    Map<String, Long> known = people();
    known.remove(image(7));
    List<ScoreRow> others =
        ours.stream().filter(row -> row.position() % 50 > 10 && row.position() % 50 < 40).toList();
    ScoredPairs common = ScoredPairs.of(ours, known).common(ScoredPairs.of(others, Map.of()));
    ScoredPairs alone = ScoredPairs.of(others, known);
    assertThat(common.leftPeople()).isEqualTo(alone.leftPeople()).hasSize(others.size());
    assertThat(common.rightPeople()).isEqualTo(alone.rightPeople());
    assertThat(common.digest()).isEqualTo(alone.digest());
  }

  @Test
  void allPairsInCommonAreNotCopied() {
    ScoredPairs ours = ScoredPairs.of(rows(true), people());
    assertThat(ours.common(ScoredPairs.of(rows(true), Map.of()))).isSameAs(ours);
  }

  @Test
  void aPipelineKeepsTheOutcomesOfEachSetWithItsOwnPeople() {
    List<ScoreRow> scores = rows(true);
    List<IdentityRow> identities = new ArrayList<>();
    people().forEach((image, person) -> identities.add(new IdentityRow("lfw", image, person)));
    identities.add(new IdentityRow("other", image(0), -1));
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(0.95, 20, 1, List.of(0.01), ResamplingUnit.IDENTITY);
    VerificationMetrics.Subject subject =
        new VerificationMetrics.Subject("m", "teacher", "", 0, false);
    OutcomeRow expected =
        Outcomes.of(ScoredPairs.of(scores, people())).rows("m", "lfw").findFirst().orElseThrow();
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
