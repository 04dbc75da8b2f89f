package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.overview.Pictures;
import io.facet.pipelines.overview.RunPage;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.reproduce.StoredRuns;
import io.facet.pipelines.run.RunFolder;
import io.facet.pipelines.run.RunPages;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a run made as one HTML file. */
@Command(
    name = "report",
    description =
        "Writes what a run made as one HTML file that needs no network: results, curves, worst"
            + " errors, data, times, lineage, recipe. Every run writes one at its end too.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "Beginning of a run's id, or name of its recipe; default: the newest run.")
  private String wanted;

  @Mixin private StoreOption store;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it (default: report.html in the run's folder of the store).")
  private Path out;

  @Option(
      names = "--pictures",
      description =
          "Show small pictures of the worst errors. Faces are personal data: off unless given, and"
              + " refused where the recipe says report.pictures: false.")
  private boolean pictures;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunRecord run = new RunRecords(store.folder()).find(Optional.ofNullable(wanted));
    Optional<Reproduction> left = StoredRuns.find(store.folder(), run.run());
    if (pictures) {
      RunPages.requirePictures("--pictures", run.run(), left);
    }
    RunFolder folder = new RunFolder(store.folder(), run.run());
    Path file = pictures ? folder.pageWithPictures() : folder.page();
    if (out != null) {
      file = NamedFile.output("--out", out, List.of(folder.record()));
    }
    try (ArtifactStore artifacts = ArtifactStore.open(run.store())) {
      byte[] page =
          RunPage.of(
              RunPages.of(run, left, artifacts),
              pictures ? Pictures.SHOWN : RunPages.unasked(left));
      NamedFile.write("--out", file, page);
    }
    PrintWriter printed = spec.commandLine().getOut();
    printed.println(file);
    printed.flush();
    return ExitCodes.OK;
  }
}
