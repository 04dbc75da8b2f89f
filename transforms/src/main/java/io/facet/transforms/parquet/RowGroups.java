package io.facet.transforms.parquet;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;

/** The row groups of files, spread over the workers. */
final class RowGroups extends PTransform<PCollection<String>, PCollection<ParquetTable.RowGroup>> {
  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<ParquetTable.RowGroup> expand(PCollection<String> uris) {
    return uris.apply("Split", ParDo.of(new SplitFn())).apply("Spread", Reshuffle.viaRandomKey());
  }

  private static final class SplitFn extends DoFn<String, ParquetTable.RowGroup> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void split(@Element String uri, OutputReceiver<ParquetTable.RowGroup> groups) {
      ParquetTable.rowGroups(uri).forEach(groups::output);
    }
  }
}
