package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.leaderboard.Board;
import io.facet.pipelines.leaderboard.BoardFiles;
import io.facet.pipelines.leaderboard.BoardRow;
import io.facet.pipelines.leaderboard.StoreLeaderboard;
import io.facet.pipelines.mlflow.MlflowEvaluations;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.stage.Stages;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All that was ever measured in a store, or that runs told MLflow. */
@Command(
    name = "leaderboard",
    description =
        "Ranks all models of a store, or of an MLflow server: one table for each verification set,"
            + " protocol and list of pairs, with intervals and paired differences to the baseline.",
    mixinStandardHelpOptions = true)
final class LeaderboardCommand implements Callable<Integer> {
  @Mixin private StoreOption store;

  @Option(
      names = "--tracking-uri",
      paramLabel = "URI",
      description =
          "Read what runs of any store told this MLflow server, in all its experiments, instead of"
              + " a store.")
  private String trackingUri;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      description = "Method or teacher that students are compared with. Default: none.")
  private String baseline;

  @Option(
      names = "--on",
      paramLabel = "SET",
      description = "Only this verification set. Repeatable.")
  private List<String> sets = List.of();

  @Option(
      names = "--confidence",
      defaultValue = "0.95",
      description = "Coverage of intervals (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--rounds",
      defaultValue = "1000",
      description =
          "Bootstrap samples of an interval (default: ${DEFAULT-VALUE}); raised to 200 a comparison"
              + " where Holm's correction needs them.")
  private int rounds;

  @Option(
      names = "--bootstrap",
      paramLabel = "UNIT",
      defaultValue = "identity",
      description =
          "What the bootstrap draws: identity or pair (default: ${DEFAULT-VALUE}; pair where people"
              + " are not known).")
  private String bootstrap;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all tables as CSV.")
  private Path csv;

  @Option(names = "--parquet", paramLabel = "FILE", description = "Write all tables as Parquet.")
  private Path parquet;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all tables as JSON.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    csv = output("--csv", csv);
    parquet = output("--parquet", parquet);
    json = output("--json", json);
    List<Board> boards = boards();
    PrintWriter out = spec.commandLine().getOut();
    print(boards, out);
    List<BoardRow> rows = boards.stream().flatMap(board -> board.rows().stream()).toList();
    if (csv != null) {
      NamedFile.writing("--csv", csv, () -> BoardFiles.csv(rows, csv));
    }
    if (parquet != null) {
      NamedFile.writing("--parquet", parquet, () -> BoardFiles.parquet(rows, parquet));
    }
    if (json != null) {
      NamedFile.writing("--json", json, () -> BoardFiles.json(rows, json));
    }
    return ExitCodes.OK;
  }

  /** Refuses to write over what the board is made of. */
  private Path output(String option, Path file) throws IOException {
    if (file == null) {
      return null;
    }
    Path place = NamedFile.output(option, file, List.of());
    Path root = store.folder().toAbsolutePath().normalize();
    for (Path folder = place.normalize().getParent();
        folder.startsWith(root);
        folder = folder.getParent()) {
      if (Files.exists(folder.resolve("manifest.json"))) {
        throw new RecipeException(
            "%s: %s is one of the inputs, or lies among them in the artifact %s; name a file elsewhere"
                .formatted(option, file, folder));
      }
    }
    return place;
  }

  private List<Board> boards() throws IOException, InterruptedException {
    if (trackingUri == null) {
      return boards(store.folder(), store.folder().toString());
    }
    TrackingTarget target = TrackingTarget.of(Optional.of(trackingUri), store.folder());
    if (target.options().server().isEmpty()) {
      throw new RecipeException("--tracking-uri: give the address of an MLflow server");
    }
    Path fetched = Files.createTempDirectory("facet-leaderboard-");
    try {
      MlflowEvaluations.fetch(target.options(), fetched);
      return boards(fetched, "MLflow");
    } finally {
      LocalFiles.deleteTree(fetched);
    }
  }

  private List<Board> boards(Path root, String source) {
    try (ArtifactStore opened = ArtifactStore.open(root.toString())) {
      List<Board> boards =
          StoreLeaderboard.of(
                  opened,
                  Optional.ofNullable(baseline),
                  StoreLeaderboard.options(confidence, rounds, BootstrapOption.unit(bootstrap)))
              .stream()
              .filter(board -> sets.isEmpty() || sets.contains(board.set()))
              .toList();
      for (String damage : opened.damaged(Stages.EVALUATE)) {
        spec.commandLine().getErr().println("facet: left out: " + damage);
      }
      if (boards.isEmpty()) {
        throw new DataException(
            source + " holds no measured model" + (sets.isEmpty() ? "" : " on " + sets));
      }
      return boards;
    }
  }

  private void print(List<Board> boards, PrintWriter out) {
    Map<String, Long> tables =
        boards.stream()
            .collect(Collectors.groupingBy(Board::set, TreeMap::new, Collectors.counting()));
    for (Board board : boards) {
      out.println(board.title());
      out.print(board.table(confidence).toText());
      out.println();
    }
    tables.forEach(
        (set, count) -> {
          if (count > 1) {
            out.println(
                "'%s' was measured on other pairs, crops or by another protocol in some runs: %d tables, whose figures cannot be compared with each other"
                    .formatted(set, count));
          }
        });
    out.flush();
  }
}
