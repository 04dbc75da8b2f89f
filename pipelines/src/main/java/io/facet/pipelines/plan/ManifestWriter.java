package io.facet.pipelines.plan;

import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.parquet.TablePart;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes a finished attempt: what was written, and what is known of the run. */
final class ManifestWriter {
  private final ArtifactStore store;
  private final PlanContext context;
  private final String runId;

  ManifestWriter(ArtifactStore store, PlanContext context, String runId) {
    this.store = store;
    this.context = context;
    this.runId = runId;
  }

  Manifest write(
      StageInstance instance,
      Fingerprint fingerprint,
      Attempt attempt,
      StageResult result,
      Instant started,
      Instant finished)
      throws IOException {
    List<Manifest.Table> tables = new ArrayList<>();
    for (StageResult.WrittenTable table : result.tables()) {
      tables.add(table(attempt.folder(), table));
    }
    List<Manifest.Attachment> attachments =
        result.attachments().stream()
            .map(n -> new Manifest.Attachment(n, store.describe(attempt.folder().uri(n))))
            .toList();
    return new Manifest(
        Manifest.FORMAT,
        instance.stage(),
        instance.name(),
        fingerprint.digest(),
        Redaction.values(fingerprint.inputs()),
        fingerprint.parents(),
        Redaction.tree(instance.recipe()),
        tables,
        attachments,
        context.libraries(),
        context.gitCommit(),
        context.recipe().seed(),
        result.metrics(),
        Redaction.values(result.notes()),
        started.toString(),
        finished.toString(),
        runId);
  }

  private Manifest.Table table(AttemptFolder folder, StageResult.WrittenTable written)
      throws IOException {
    TableSummary summary = TableSummary.read(folder.uri(), written.name());
    List<Manifest.DataFile> files = new ArrayList<>();
    for (TablePart part : summary.parts()) {
      files.add(store.described(folder.uri(part.file()), part.bytes(), part.sha256()));
    }
    List<Manifest.Column> columns =
        RowType.of(written.rows()).columns().stream()
            .map(c -> new Manifest.Column(c.name(), c.kind().name().toLowerCase(Locale.ROOT)))
            .toList();
    return new Manifest.Table(
        written.name(), columns, summary.rows(), summary.digest(), List.copyOf(files));
  }
}
