package io.facet.pipelines.run;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.overview.RunPage;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.PlanListener;
import io.facet.pipelines.plan.RunSummary;
import io.facet.pipelines.report.NamedFile;
import io.facet.pipelines.reproduce.Reproduction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the page of a run when it has ended, from its record, which is written before. A run that
 * was stopped gets none: it shall end at once. Trouble with the page is none of the run.
 */
final class PageListener implements PlanListener {
  private static final Logger LOG = LoggerFactory.getLogger(PageListener.class);

  private final RunFolder folder;
  private final ArtifactStore store;
  private final Function<RunSummary, Reproduction> reproduction;
  private final Consumer<byte[]> tracking;
  private Optional<Path> page = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  /**
   * Waits for the end.
   *
   * @param reproduction describes the run that has ended
   * @param tracking takes the page
   */
  PageListener(
      RunFolder folder,
      ArtifactStore store,
      Function<RunSummary, Reproduction> reproduction,
      Consumer<byte[]> tracking) {
    this.folder = folder;
    this.store = store;
    this.reproduction = reproduction;
    this.tracking = tracking;
  }

  @Override
  public void ended(RunSummary summary) {
    Optional<RunRecord> record = new RunRecords(folder.store()).read(folder);
    if (summary.status() == RunSummary.Status.KILLED || record.isEmpty()) {
      return;
    }
    try {
      Optional<Reproduction> left = Optional.of(reproduction.apply(summary));
      byte[] bytes = RunPage.of(RunPages.of(record.get(), left, store), RunPages.unasked(left));
      NamedFile.write("--store", folder.page(), bytes);
      page = Optional.of(folder.page());
      tracking.accept(bytes);
    } catch (RuntimeException e) {
      if (ExitCodes.of(e) == ExitCodes.BUG) {
        LOG.warn("the page of the run cannot be written", e);
      }
      trouble = Optional.of(FailureText.of(e));
    }
  }

  /** The file, if it was written. */
  Optional<Path> page() {
    return page;
  }

  /** Why there is none, or MLflow has none. */
  Optional<String> trouble() {
    return trouble;
  }
}
