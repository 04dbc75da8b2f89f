package io.facet.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.StageInstance;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLeaderboardTest {
  private static final int PAIRS = 60;
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path root;
  private Path kept;

  @BeforeEach
  void fill() throws IOException {
    kept = root.resolve("evaluate/last-result.bin");
    evaluate("none", 1, 0.3);
    evaluate("fc", 1, 0.1);
    evaluate("fc", 2, 0.2);
  }

  private void evaluate(String method, int seed, double errors) throws IOException {
    String model = method + "#" + seed;
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(0.95, 10, 1, List.of(), ResamplingUnit.PAIR);
    List<MetricRow> metrics = new ArrayList<>();
    List<OutcomeRow> outcomes = new ArrayList<>();
    for (String set : List.of("lfw", "cfp")) {
      VerificationMetrics.Judged judged =
          VerificationMetrics.judge(
              set, ScoredPairs.of(scores(model, set, errors), Map.of()), options);
      metrics.addAll(
          VerificationMetrics.measure(
              new VerificationMetrics.Subject(model, "student", method, seed, false),
              set,
              judged,
              options));
      judged.outcomes().rows(model, set).forEach(outcomes::add);
    }
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      Attempt distill = store.begin("distill", model);
      Artifact student =
          commit(
              store,
              distill,
              "distill",
              model,
              Map.of("options.seed", "" + seed, "m", method),
              Map.of());
      Attempt evaluate = store.begin("evaluate", model);
      commit(
          store,
          evaluate,
          "evaluate",
          model,
          Map.of(),
          Map.of(student.manifest().instance(), student.manifest().fingerprint()),
          table(store, evaluate, "metrics", MetricRow.class, metrics),
          table(store, evaluate, "outcomes", OutcomeRow.class, outcomes));
    }
  }

  private static List<ScoreRow> scores(String model, String set, double errors) {
    SplittableRandom random = new SplittableRandom((model + set).hashCode());
    List<ScoreRow> scores = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      boolean same = i % 2 == 0;
      double score = same != random.nextDouble() < errors ? 0.8 : 0.1;
      scores.add(
          new ScoreRow(model, set, i, i / 6, same, "f" + i, "g" + i, "l" + i, "r" + i, score));
    }
    return scores;
  }

  private static <T> Manifest.Table table(
      ArtifactStore store, Attempt attempt, String name, Class<T> type, List<T> rows)
      throws IOException {
    String uri = attempt.folder().uri();
    TableSummary summary = TableFile.write(type, uri, name, rows);
    return new Manifest.Table(
        name,
        List.of(),
        summary.rows(),
        summary.digest(),
        summary.uris(uri).stream().map(store::describe).toList());
  }

  private static Artifact commit(
      ArtifactStore store,
      Attempt attempt,
      String stage,
      String model,
      Map<String, String> inputs,
      Map<String, String> parents,
      Manifest.Table... tables) {
    return store.commit(
        attempt,
        new Manifest(
            Manifest.FORMAT,
            stage,
            StageInstance.name(stage, model),
            model,
            inputs,
            parents,
            JsonNodeFactory.instance.objectNode(),
            List.of(tables),
            List.of(),
            Map.of(),
            "unknown",
            1,
            Map.of(),
            Map.of(),
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:01:00Z",
            "run"));
  }

  private List<Board> boards(int rounds) {
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      return StoreLeaderboard.of(
          store, Optional.of("none"), StoreLeaderboard.options(0.95, rounds, ResamplingUnit.PAIR));
    }
  }

  /** Whether boards are computed rather than read: the file is written anew. */
  private boolean computed(int rounds) throws IOException {
    Files.setLastModifiedTime(kept, LONG_AGO);
    boards(rounds);
    return !Files.getLastModifiedTime(kept).equals(LONG_AGO);
  }

  @Test
  void whatIsComputedOnceIsReadAsItWas() throws IOException {
    List<Board> first = boards(300);
    assertThat(first).extracting(Board::set).containsExactly("cfp", "lfw");
    assertThat(first.get(1).rows()).extracting(BoardRow::name).containsExactly("fc", "none");
    assertThat(first.get(1).rows()).extracting(BoardRow::seeds).containsExactly(2, 1);
    assertThat(computed(300)).isFalse();
    assertThat(boards(300)).isEqualTo(first);
  }

  @Test
  void otherOptionsAndOtherEvaluationsAreComputed() throws IOException {
    List<Board> first = boards(300);
    assertThat(boards(400)).isNotEqualTo(first);
    evaluate("kd", 1, 0.1);
    assertThat(computed(400)).isTrue();
    assertThat(boards(400).get(0).rows())
        .extracting(BoardRow::name)
        .containsExactlyInAnyOrder("fc", "kd", "none");
  }

  @Test
  void aDamagedFileIsMadeAgain() throws IOException {
    List<Board> first = boards(300);
    byte[] bytes = Files.readAllBytes(kept);
    bytes[bytes.length / 2] ^= 1;
    Files.write(kept, bytes);
    assertThat(boards(300)).isEqualTo(first);
    assertThat(computed(300)).isFalse();
  }

  @Test
  void anEvaluationThatIsDamagedCountsNoMore() throws IOException {
    boards(300);
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      Artifact damaged = store.find("evaluate", "fc#2").artifact().orElseThrow();
      Files.delete(Path.of(damaged.tableUris("outcomes").get(0)));
      assertThat(store.damaged("evaluate")).hasSize(1);
    }
    assertThat(boards(300).get(1).rows()).extracting(BoardRow::seeds).containsOnly(1);
  }
}
