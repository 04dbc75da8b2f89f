import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.leaderboard.Evaluations;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Adds drawn evaluations of students to a store: {@code STORE SEEDS PAIRS TABLE FIRST END}, TABLE
 * being {@code outcomes}, or {@code scores} as in evaluations of before; SEEDS evaluations each are
 * of one configuration, and those with numbers from FIRST to before END are made.
 */
final class LeaderboardWorker {
  private final ArtifactStore store;
  private final int pairs;
  private final boolean outcomes;
  private final Map<String, Long> people = new HashMap<>();
  private final List<IdentityRow> identities = new ArrayList<>();

  private LeaderboardWorker(ArtifactStore store, int pairs, boolean outcomes) {
    this.store = store;
    this.pairs = pairs;
    this.outcomes = outcomes;
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < pairs; i++) {
      long left = random.nextInt(pairs * 2 / 3);
      people.put(image("l", i), left);
      people.put(image("r", i), same(i) ? left : left + 1 + random.nextInt(pairs / 3));
    }
    people.forEach((image, person) -> identities.add(new IdentityRow("drawn", image, person)));
  }

  public static void main(String[] words) throws IOException {
    int seeds = Integer.parseInt(words[1]);
    try (ArtifactStore store = ArtifactStore.open(words[0])) {
      LeaderboardWorker worker =
          new LeaderboardWorker(store, Integer.parseInt(words[2]), words[3].equals("outcomes"));
      for (int i = Integer.parseInt(words[4]); i < Integer.parseInt(words[5]); i++) {
        worker.add(i / seeds, i % seeds + 1);
      }
    }
  }

  private static String image(String side, int pair) {
    return side.repeat(58) + "%06d".formatted(pair);
  }

  private boolean same(int pair) {
    return pair / (pairs / 10 / 2) % 2 == 0; // as LFW: ten folds, same pairs first
  }

  private void add(int configuration, int seed) throws IOException {
    String name = configuration == 0 ? "none" : "method-%04d".formatted(configuration);
    String model = name + "#" + seed;
    List<ScoreRow> scores = scores(model, configuration, seed);
    VerificationMetrics.Subject subject =
        new VerificationMetrics.Subject(model, "student", name, seed, false);
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(
            0.95, 10, 1, List.of(1e-3, 1e-2), ResamplingUnit.IDENTITY);
    VerificationMetrics.Judged judged =
        VerificationMetrics.judge("drawn", ScoredPairs.of(scores, people), options);
    List<MetricRow> metrics =
        new ArrayList<>(VerificationMetrics.measure(subject, "drawn", judged, options));
    metrics.add(subject.figure("parameters", 1_000_000));
    Artifact made =
        commit("distill", model, Map.of("options.seed", "" + seed, "method", name), Map.of());
    Map<String, String> parents = Map.of(made.manifest().instance(), made.manifest().fingerprint());
    if (outcomes) {
      commit(
          "evaluate",
          model,
          Map.of(),
          parents,
          new Table<>("metrics", MetricRow.class, metrics),
          new Table<>(
              Evaluations.OUTCOMES,
              OutcomeRow.class,
              judged.outcomes().rows(model, "drawn").toList()));
    } else {
      commit(
          "evaluate",
          model,
          Map.of(),
          parents,
          new Table<>("metrics", MetricRow.class, metrics),
          new Table<>("scores", ScoreRow.class, scores),
          new Table<>("identities", IdentityRow.class, identities));
    }
  }

  /** A student of 90 to 99 %. */
  private List<ScoreRow> scores(String model, int configuration, int seed) {
    SplittableRandom random = new SplittableRandom(31L * configuration + seed);
    double errors = 0.01 + 0.09 * (configuration % 100) / 100;
    List<ScoreRow> scores = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      boolean like = same(i) != random.nextDouble() < errors;
      scores.add(
          new ScoreRow(
              model,
              "drawn",
              i,
              i / (pairs / TenFoldAccuracy.FOLDS),
              same(i),
              image("l", i) + "/0/0123456789abcdef",
              image("r", i) + "/0/0123456789abcdef",
              image("l", i),
              image("r", i),
              (like ? 0.5 : 0.1) + 0.2 * random.nextDouble()));
    }
    return scores;
  }

  private record Table<T>(String name, Class<T> type, List<T> rows) {}

  private Artifact commit(
      String stage,
      String label,
      Map<String, String> inputs,
      Map<String, String> parents,
      Table<?>... tables)
      throws IOException {
    SplittableRandom random = new SplittableRandom((stage + label).hashCode());
    String fingerprint = "";
    while (fingerprint.length() < 64) {
      fingerprint += "%016x".formatted(random.nextLong());
    }
    Attempt attempt = store.begin(stage, fingerprint);
    List<Manifest.Table> written = new ArrayList<>();
    for (Table<?> table : tables) {
      written.add(write(attempt, table));
    }
    return store.commit(
        attempt,
        new Manifest(
            Manifest.FORMAT,
            stage,
            stage + "[" + label + "]",
            fingerprint,
            inputs,
            parents,
            JsonNodeFactory.instance.objectNode(),
            written,
            List.of(),
            Map.of(),
            "unknown",
            1,
            Map.of("latency_ms_per_image", 2.5),
            Map.of(),
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:01:00Z",
            "drawn"));
  }

  private <T> Manifest.Table write(Attempt attempt, Table<T> table) throws IOException {
    String uri = attempt.folder().uri();
    TableSummary summary = TableFile.write(table.type(), uri, table.name(), table.rows());
    return new Manifest.Table(
        table.name(),
        List.of(),
        summary.rows(),
        summary.digest(),
        summary.uris(uri).stream().map(store::describe).toList());
  }
}
