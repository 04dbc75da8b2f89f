package io.facet.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.DataException;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.KeptResult;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLeaderboardTest {
  private static final int PAIRS = 60;
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path root;
  private Path kept;
  private Path read;

  @BeforeEach
  void fill() throws IOException {
    kept = root.resolve("evaluate/last-result.bin");
    read = root.resolve("evaluate/last-read.bin");
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

  /** Boards that are drawn anew, of what the file of what was read and the tables say. */
  private List<Board> drawn() throws IOException {
    Files.deleteIfExists(kept);
    return boards(300);
  }

  private List<Path> tables(String fingerprint) {
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      Artifact artifact = store.find("evaluate", fingerprint).artifact().orElseThrow();
      return Stream.of("metrics", "outcomes")
          .flatMap(table -> artifact.tableUris(table).stream())
          .map(Path::of)
          .toList();
    }
  }

  @Test
  void onlyTablesOfNewEvaluationsAreRead() throws IOException {
    List<Path> old =
        Stream.of("none#1", "fc#1", "fc#2").flatMap(one -> tables(one).stream()).toList();
    for (Path table : old) {
      Files.setLastModifiedTime(table, LONG_AGO);
    }
    boards(300);
    byte[] three = Files.readAllBytes(read);
    evaluate("kd", 1, 0.1);
    Files.delete(read);
    List<Board> expected = drawn();
    byte[] four = Files.readAllBytes(read);
    for (Path table : old) { // of the same size and time, so that they pass for sound
      Files.write(table, new byte[(int) Files.size(table)]);
      Files.setLastModifiedTime(table, LONG_AGO);
    }
    Files.write(read, three);
    assertThat(drawn()).isEqualTo(expected);
    assertThat(read).hasBinaryContent(four);
    Files.delete(read);
    assertThatThrownBy(this::drawn).isInstanceOf(DataException.class);
  }

  @Test
  void whatWasReadIsReadAgainWhereTheFileCannotBeUsed() throws IOException {
    List<Board> first = boards(300);
    byte[] whole = Files.readAllBytes(read);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    for (byte[] bytes : List.of(damaged, Arrays.copyOf(whole, whole.length / 2), new byte[0])) {
      Files.write(read, bytes);
      assertThat(drawn()).isEqualTo(first);
      assertThat(read).hasBinaryContent(whole);
    }
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      store.keep(KeptResult.READ, "evaluate", "evaluations-0", new byte[] {0, 0, 0, 0, 0, 0, 0, 0});
    }
    assertThat(drawn()).isEqualTo(first);
    assertThat(read).hasBinaryContent(whole);
  }

  @Test
  void evaluationsThatAreGoneLeaveTheFileOfWhatWasRead() throws IOException {
    boards(300);
    assertThat(Files.readString(read, StandardCharsets.ISO_8859_1)).contains("fc#2", "fc#1");
    for (Path table : tables("fc#2")) {
      Files.delete(table);
    }
    drawn();
    assertThat(Files.readString(read, StandardCharsets.ISO_8859_1))
        .contains("fc#1")
        .doesNotContain("fc#2");
    try (ArtifactStore store = ArtifactStore.open(root.toString())) {
      store.remove(store.find("evaluate", "fc#1").artifact().orElseThrow());
    }
    assertThat(read).doesNotExist();
    assertThat(kept).doesNotExist();
  }
}
