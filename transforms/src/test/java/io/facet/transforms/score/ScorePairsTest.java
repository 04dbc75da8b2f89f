package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.testing.Pipelines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

class ScorePairsTest {
  private static final String ANNA = "a".repeat(64);
  private static final String BEA = "b".repeat(64);
  private static final String CLEO = "c".repeat(64);

  private static EmbeddingRow embedding(String imageId, float... values) {
    return new EmbeddingRow("student", face(imageId), values);
  }

  private static String face(String imageId) {
    return FaceId.of(imageId, 0, "0123456789abcdef");
  }

  private static void score(
      List<PairRow> pairs,
      List<EmbeddingRow> embeddings,
      List<ScoreRow> scores,
      List<String> lost) {
    score(pairs, embeddings, 1e-6, scores, lost);
  }

  private static void score(
      List<PairRow> pairs,
      List<EmbeddingRow> embeddings,
      double within,
      List<ScoreRow> scores,
      List<String> lost) {
    for (int blocks : new int[] {1, 2, 7}) {
      score(pairs, embeddings, new PairBlocks(blocks), within, scores, lost);
    }
  }

  private static void score(
      List<PairRow> pairs,
      List<EmbeddingRow> embeddings,
      PairBlocks blocks,
      double within,
      List<ScoreRow> scores,
      List<String> lost) {
    Pipelines.run(
        pipeline -> {
          PCollectionTuple scored =
              pipeline
                  .apply("Pairs", Create.of(pairs).withCoder(RecordCoder.of(PairRow.class)))
                  .apply(
                      ScorePairs.with(
                              "student",
                              pipeline.apply(
                                  "Embeddings",
                                  Create.of(embeddings)
                                      .withCoder(RecordCoder.of(EmbeddingRow.class))),
                              embeddings.size(),
                              pairs.size())
                          .in(blocks));
          PAssert.that(scored.get(ScorePairs.SCORES))
              .satisfies(
                  rows -> {
                    assertThat(rows)
                        .usingRecursiveFieldByFieldElementComparator(
                            RecursiveComparisonConfiguration.builder()
                                .withEqualsForType(
                                    (a, b) -> Math.abs(a - b) <= within, Double.class)
                                .build())
                        .containsExactlyInAnyOrderElementsOf(scores);
                    return null;
                  });
          PAssert.that(scored.get(ScorePairs.REJECTS))
              .satisfies(
                  rejects -> {
                    assertThat(rejects)
                        .extracting(
                            reject ->
                                reject.source() + ", " + reject.name() + ", " + reject.imageId())
                        .containsExactlyInAnyOrderElementsOf(lost);
                    return null;
                  });
        });
  }

  @Test
  void aScoreIsTheCosineOfBothFaces() {
    score(
        List.of(
            new PairRow("lfw", 0, 2, ANNA, BEA, true),
            new PairRow("lfw", 1, 2, BEA, CLEO, false),
            new PairRow("cfp", 0, 0, CLEO, CLEO, true)),
        List.of(embedding(ANNA, 1, 0), embedding(BEA, 0.6f, 0.8f), embedding(CLEO, -1, 0)),
        List.of(
            row("lfw", 0, 2, true, ANNA, BEA, 0.6),
            row("lfw", 1, 2, false, BEA, CLEO, -0.6),
            row("cfp", 0, 0, true, CLEO, CLEO, 1)),
        List.of());
  }

  private static ScoreRow row(
      String set, int position, int fold, boolean same, String left, String right, double score) {
    return new ScoreRow(
        "student", set, position, fold, same, face(left), face(right), left, right, score);
  }

  @Test
  void pairsWithoutAFaceAreRejectedOnce() {
    score(
        List.of(
            new PairRow("lfw", 0, 0, ANNA, BEA, true),
            new PairRow("lfw", 1, 0, BEA, ANNA, true),
            new PairRow("lfw", 2, 0, BEA, CLEO, false),
            new PairRow("lfw", 3, 0, ANNA, ANNA, true)),
        List.of(embedding(ANNA, 1, 0)),
        List.of(row("lfw", 3, 0, true, ANNA, ANNA, 1)),
        List.of("lfw, pair 0, " + BEA, "lfw, pair 1, " + BEA, "lfw, pair 2, " + BEA));
  }

  @Test
  void noPairsGiveNoScores() {
    score(List.of(), List.of(embedding(ANNA, 1, 0)), List.of(), List.of());
  }

  @Test
  void drawnPairsInManyBlocksHaveTheBitsOfEachAlone() {
    SplittableRandom random = new SplittableRandom(4);
    Map<String, EmbeddingRow> embeddings = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      if (i % 7 != 0) {
        float[] values = new float[32];
        for (int d = 0; d < values.length; d++) {
          values[d] = (float) random.nextDouble() - 0.5f;
        }
        embeddings.put(image(i), embedding(image(i), values));
      }
    }
    List<PairRow> pairs = new ArrayList<>();
    List<ScoreRow> scores = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      PairRow pair =
          new PairRow(
              "lfw", i, i / 40, image(random.nextInt(60)), image(random.nextInt(60)), i % 2 == 0);
      EmbeddingRow left = embeddings.get(pair.leftImageId());
      EmbeddingRow right = embeddings.get(pair.rightImageId());
      pairs.add(pair);
      if (left == null || right == null) {
        String missing = left == null ? pair.leftImageId() : pair.rightImageId();
        lost.add("lfw, pair " + i + ", " + missing);
      } else {
        double score = EmbeddingMath.cosine(left.values(), right.values());
        scores.add(
            row("lfw", i, i / 40, pair.same(), pair.leftImageId(), pair.rightImageId(), score));
      }
    }
    assertThat(lost).isNotEmpty();
    score(pairs, List.copyOf(embeddings.values()), 0, scores, lost);
  }

  private static String image(int number) {
    return "%064x".formatted(new SplittableRandom(number).nextLong());
  }
}
