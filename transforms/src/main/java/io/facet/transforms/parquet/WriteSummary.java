package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Ends a table: its summary, written once all data files are known, hence after all of them. Files
 * of the table's folder that are not among them are deleted.
 */
public final class WriteSummary
    extends PTransform<PCollection<TablePart>, PCollection<TableSummary>> {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String attemptUri;

  private WriteSummary(String table, String attemptUri) {
    this.table = table;
    this.attemptUri = attemptUri;
  }

  /** Of a table below an attempt folder. */
  public static WriteSummary of(String table, String attemptUri) {
    return new WriteSummary(table, attemptUri);
  }

  @Override
  public PCollection<TableSummary> expand(PCollection<TablePart> written) {
    PCollectionView<List<TablePart>> parts = written.apply("Parts", View.asList());
    return written
        .getPipeline()
        .apply("Table", Create.of(table))
        .apply("Write", ParDo.of(new WriteFn(attemptUri, parts)).withSideInputs(parts));
  }

  private static final class WriteFn extends DoFn<String, TableSummary> {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final PCollectionView<List<TablePart>> parts;

    WriteFn(String folder, PCollectionView<List<TablePart>> parts) {
      this.folder = folder;
      this.parts = parts;
    }

    @ProcessElement
    public void write(ProcessContext context) throws IOException {
      TableSummary summary = TableSummary.of(context.element(), context.sideInput(parts));
      deleteOthers(summary);
      summary.write(folder);
      context.output(summary);
    }

    /** Bundles that failed left files; so did an earlier try of the whole job. */
    private void deleteOthers(TableSummary summary) throws IOException {
      Set<String> named = new HashSet<>();
      summary.parts().forEach(part -> named.add(part.file()));
      List<String> others = new ArrayList<>();
      for (StoredFiles.Listed file : StoredFiles.list(StoredFiles.below(folder, summary.table()))) {
        if (!named.contains(summary.table() + "/" + file.name())) {
          others.add(file.uri());
        }
      }
      StoredFiles.delete(others);
    }
  }
}
