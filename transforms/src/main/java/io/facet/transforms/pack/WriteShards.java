package io.facet.transforms.pack;

import io.facet.models.tensor.SeededHash;
import io.facet.transforms.parquet.PartFile;
import io.facet.transforms.parquet.TablePart;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.parquet.WriteSummary;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** Sorts and writes each shard, then the table's summary. */
final class WriteShards
    extends PTransform<PCollection<KV<Integer, Iterable<PackRow>>>, PCollection<TableSummary>> {
  private static final long serialVersionUID = 1L;

  private static final Comparator<PackRow> ORDER =
      Comparator.<PackRow>comparingLong(row -> SeededHash.of(row.faceId()))
          .thenComparing(PackRow::faceId)
          .thenComparing(PackRow::split);

  private final int shards;
  private final String attemptUri;

  private WriteShards(int shards, String attemptUri) {
    this.shards = shards;
    this.attemptUri = attemptUri;
  }

  /** Shards of so many, below an attempt folder. */
  static WriteShards of(int shards, String attemptUri) {
    return new WriteShards(shards, attemptUri);
  }

  @Override
  public PCollection<TableSummary> expand(PCollection<KV<Integer, Iterable<PackRow>>> groups) {
    return groups
        .apply("WriteShard", ParDo.of(new WriteShardFn(shards, attemptUri)))
        .apply("WriteSummary", WriteSummary.of(PackFaces.TABLE, attemptUri));
  }

  private static final class WriteShardFn extends DoFn<KV<Integer, Iterable<PackRow>>, TablePart> {
    private static final long serialVersionUID = 1L;

    private final int shards;
    private final String attemptUri;

    WriteShardFn(int shards, String attemptUri) {
      this.shards = shards;
      this.attemptUri = attemptUri;
    }

    @ProcessElement
    public void write(@Element KV<Integer, Iterable<PackRow>> shard, OutputReceiver<TablePart> out)
        throws IOException {
      List<PackRow> rows = new ArrayList<>();
      shard.getValue().forEach(rows::add);
      rows.sort(ORDER);
      String file =
          "%s/part-%05d-of-%05d.parquet".formatted(PackFaces.TABLE, shard.getKey(), shards);
      try (PartFile<PackRow> part = PartFile.create(RowType.of(PackRow.class), attemptUri, file)) {
        for (PackRow row : rows) {
          part.add(row);
        }
        out.output(part.finish());
      }
    }
  }
}
