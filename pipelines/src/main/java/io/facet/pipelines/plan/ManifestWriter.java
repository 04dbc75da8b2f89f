package io.facet.pipelines.plan;

import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes a finished attempt: hashes its files and adds what is known of the run. */
final class ManifestWriter {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

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
    long rows = summary.rows();
    BigInteger digest = new BigInteger(summary.digest(), 16);
    if (written.earlier().isPresent()) {
      Manifest.Table earlier = written.earlier().get();
      files.addAll(earlier.files());
      rows += earlier.rows();
      digest = digest.add(new BigInteger(earlier.digest(), 16)).mod(MODULUS);
    }
    summary.uris(folder.uri()).forEach(uri -> files.add(store.describe(uri)));
    List<Manifest.Column> columns =
        RowType.of(written.rows()).columns().stream()
            .map(c -> new Manifest.Column(c.name(), c.kind().name().toLowerCase(Locale.ROOT)))
            .toList();
    return new Manifest.Table(
        written.name(), columns, rows, "%064x".formatted(digest), List.copyOf(files));
  }
}
