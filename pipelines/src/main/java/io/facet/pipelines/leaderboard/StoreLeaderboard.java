package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.ModelStages;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.stage.EvaluateStage;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.score.VerificationMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The leaderboards of a whole store: everything that {@code evaluate} ever measured there. Tables
 * hold together only what judged the same pairs and crops by the same protocol; seeds are averaged
 * only where all else, training data included, was the same.
 */
public final class StoreLeaderboard {
  /** Raised when the same evaluations give other boards. */
  private static final int FORMAT = 1;

  private static final int SUFFIX = 6;

  private final ArtifactStore store;

  /** Sound ones, newest first. */
  private final List<Artifact> evaluations;

  /** Sound artifacts of {@link ModelStages} by stage and fingerprint. */
  private final Map<String, Map<String, Artifact>> models = new HashMap<>();

  private final Map<String, BoardRow.About> abouts = new TreeMap<>();

  private StoreLeaderboard(ArtifactStore store) {
    this.store = store;
    Map<String, List<Artifact>> sound =
        Stream.concat(Stream.of(Stages.EVALUATE), ModelStages.NAMES.stream())
            .parallel()
            .collect(Collectors.toConcurrentMap(stage -> stage, store::committed));
    evaluations = sound.get(Stages.EVALUATE);
    for (String stage : ModelStages.NAMES) {
      Map<String, Artifact> ofStage = models.computeIfAbsent(stage, s -> new HashMap<>());
      sound.get(stage).forEach(model -> ofStage.put(model.manifest().fingerprint(), model));
    }
  }

  private Optional<Artifact> model(String stage, String fingerprint) {
    return Optional.ofNullable(models.get(stage).get(fingerprint));
  }

  /** What a table holds together. */
  private record Key(String set, String protocol, String pairsDigest) {}

  /**
   * Ranks all models of a store.
   *
   * @param baseline method or teacher that students are compared with; the student alone if empty
   */
  public static List<Board> of(
      ArtifactStore store, Optional<String> baseline, VerificationMetrics.Options options) {
    return new StoreLeaderboard(store).boards(baseline, options);
  }

  /** Intervals as {@code evaluate} draws them by default. */
  public static VerificationMetrics.Options options(
      double confidence, int rounds, ResamplingUnit bootstrap) {
    return new VerificationMetrics.Options(
        confidence, rounds, EvaluateStage.BOOTSTRAP_SEED, List.of(), bootstrap);
  }

  private List<Board> boards(Optional<String> baseline, VerificationMetrics.Options options) {
    List<Evaluated> evaluated = evaluated();
    String key = key(evaluated, baseline, options);
    return KnownBoards.of(store, key)
        .orElseGet(
            () -> {
              List<Board> boards = boards(evaluated, baseline, options);
              if (!boards.isEmpty()) {
                KnownBoards.keep(store, key, boards);
              }
              return boards;
            });
  }

  /** Of everything that decides the boards; attempts have names that are given once. */
  private static String key(
      List<Evaluated> evaluated, Optional<String> baseline, VerificationMetrics.Options options) {
    StringBuilder text = new StringBuilder();
    text.append(FORMAT).append('\n');
    for (ResamplingUnit unit : ResamplingUnit.values()) {
      text.append(unit.protocol()).append('\n');
    }
    text.append(baseline).append('\n').append(options).append('\n');
    for (Evaluated one : evaluated) {
      text.append(one.evaluation().attempt())
          .append(' ')
          .append(one.maker().artifact().map(Artifact::attempt).orElse("none"))
          .append(' ')
          .append(one.maker().configuration())
          .append('\n');
    }
    return digest(text.toString());
  }

  private List<Board> boards(
      List<Evaluated> evaluated, Optional<String> baseline, VerificationMetrics.Options options) {
    Map<Key, Map<String, Leaderboard.Measured>> tables = new LinkedHashMap<>();
    List<List<Leaderboard.Measured>> read =
        KnownEvaluations.read(store, evaluated.stream().map(Evaluated::evaluation).toList());
    for (int i = 0; i < read.size(); i++) {
      Evaluated one = evaluated.get(i);
      for (Leaderboard.Measured network : read.get(i)) {
        Leaderboard.Measured measured =
            network.named(identity(network.accuracy(), one.maker(), one.evaluation()));
        Key key =
            new Key(
                measured.accuracy().set(), measured.protocol(), measured.outcomes().pairsDigest());
        // newest first: what was measured once more on the same pairs counts once
        tables
            .computeIfAbsent(key, k -> new LinkedHashMap<>())
            .putIfAbsent(one.maker().fingerprint(), measured);
      }
    }
    List<Board> boards = new ArrayList<>();
    tables.forEach(
        (key, models) ->
            boards.add(board(key, named(List.copyOf(models.values())), baseline, options)));
    boards.sort(
        Comparator.comparing(Board::set)
            .thenComparing(Board::protocol)
            .thenComparing(Board::pairsDigest));
    return boards;
  }

  private Board board(
      Key key,
      List<Leaderboard.Measured> models,
      Optional<String> baseline,
      VerificationMetrics.Options options) {
    Map<String, BoardRow.About> byName = new TreeMap<>();
    models.forEach(one -> byName.put(one.identity().name(), abouts.get(one.identity().key())));
    int pairs = models.get(0).outcomes().same().length;
    List<BoardRow> rows = new ArrayList<>();
    for (LeaderboardRow row : Leaderboard.rank(key.set(), models, baseline, options)) {
      rows.add(BoardRow.of(row, key.pairsDigest(), pairs, byName.get(row.name())));
    }
    return new Board(key.set(), key.protocol(), key.pairsDigest(), pairs, rows);
  }

  /** Contestants that would share a name get a part of their digest behind it. */
  private static List<Leaderboard.Measured> named(List<Leaderboard.Measured> models) {
    Map<String, Long> contestants = new TreeMap<>();
    models.stream()
        .map(Leaderboard.Measured::identity)
        .distinct()
        .forEach(one -> contestants.merge(one.name(), 1L, Long::sum));
    return models.stream()
        .map(
            one -> {
              Leaderboard.Identity known = one.identity();
              if (contestants.get(known.name()) == 1) {
                return one;
              }
              String name = known.name() + "@" + known.key().substring(0, SUFFIX);
              return one.named(
                  new Leaderboard.Identity(known.key(), name, known.base(), known.group()));
            })
        .toList();
  }

  /** An evaluation of one model. */
  private record Evaluated(Artifact evaluation, Maker maker) {}

  /** Newest first; rankings of runs and champions, which are students of other runs, left out. */
  private List<Evaluated> evaluated() {
    return evaluations.stream()
        .flatMap(one -> maker(one).map(maker -> new Evaluated(one, maker)).stream())
        .toList();
  }

  /**
   * What made a model.
   *
   * @param fingerprint of its artifact
   * @param artifact if the store still has it
   * @param configuration digest of everything that decided it but the seed
   */
  private record Maker(String fingerprint, Optional<Artifact> artifact, String configuration) {
    Optional<Manifest> manifest() {
      return artifact.map(Artifact::manifest);
    }
  }

  private Optional<Maker> maker(Artifact evaluation) {
    for (Map.Entry<String, String> parent : evaluation.manifest().parents().entrySet()) {
      String stage = StageInstance.stageOf(parent.getKey());
      if (ModelStages.NAMES.contains(stage)) {
        String fingerprint = parent.getValue();
        Optional<Artifact> model = model(stage, fingerprint);
        boolean measuresOne = evaluation.manifest().table("metrics").isPresent();
        return measuresOne
            ? Optional.of(
                new Maker(
                    fingerprint,
                    model,
                    model.map(made -> configuration(made.manifest())).orElse(fingerprint)))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Leaderboard.Identity identity(MetricRow row, Maker maker, Artifact evaluation) {
    boolean student = row.role().equals("student");
    String base = student ? row.method() : row.model();
    String training =
        maker.manifest().map(made -> made.parents().getOrDefault(Stages.INGEST, "")).orElse("");
    String configuration = maker.configuration();
    String network =
        maker.manifest().map(made -> firstKey(made, student ? "student" : "backbone")).orElse("");
    Optional<String> teacher =
        maker
            .manifest()
            .map(
                made ->
                    made.notes().getOrDefault("teacher", made.recipe().path("teacher").asText("")));
    abouts.putIfAbsent(
        configuration,
        new BoardRow.About(
            student ? base : "",
            student ? teacher.orElse("") : "",
            network,
            training,
            configuration,
            Cost.of(evaluation.manifest().metrics())));
    return new Leaderboard.Identity(configuration, base, base, training + network);
  }

  private static String firstKey(Manifest made, String field) {
    var keys = made.recipe().path(field).fieldNames();
    return keys.hasNext() ? keys.next() : made.recipe().path(field).asText("");
  }

  /** Everything that decided an artifact, the seed left out, also that of a student it exports. */
  private String configuration(Manifest made) {
    SortedMap<String, String> all = new TreeMap<>(made.inputs());
    all.remove("options.seed");
    made.parents()
        .forEach(
            (name, fingerprint) -> {
              if (StageInstance.stageOf(name).equals(Stages.DISTILL)) {
                all.put(
                    "student",
                    model(Stages.DISTILL, fingerprint)
                        .map(student -> configuration(student.manifest()))
                        .orElse(fingerprint));
              } else {
                all.put("parent " + name, fingerprint);
              }
            });
    return digest(made.stage() + all);
  }

  private static String digest(String text) {
    return FileDigests.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
