package io.facet.transforms.pack;

import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.ScratchFile;
import io.facet.transforms.parquet.PartFile;
import io.facet.transforms.parquet.TablePart;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.parquet.WriteSummary;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Sorts and writes each shard, then the table's summary. A shard's crops are put into a scratch
 * file as they arrive, so that only their places are in memory.
 */
final class WriteShards
    extends PTransform<
        PCollection<KV<Integer, Iterable<PackFaces.Entry>>>, PCollection<TableSummary>> {
  private static final long serialVersionUID = 1L;

  /** Columns whose values {@link PackPlaces} finds without reading them. */
  private static final List<String> PLAIN = List.of("face_id", "crop");

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

  /** Where a crop lies in the scratch file. */
  private record Place(long position, int length) {}

  /** A row without its crop. */
  private record Row(long hash, String faceId, String split, long identity) {}

  @Override
  public PCollection<TableSummary> expand(
      PCollection<KV<Integer, Iterable<PackFaces.Entry>>> groups) {
    return groups
        .apply("WriteShard", ParDo.of(new WriteShardFn(shards, attemptUri)))
        .apply("WriteSummary", WriteSummary.of(PackFaces.TABLE, attemptUri));
  }

  private static final class WriteShardFn
      extends DoFn<KV<Integer, Iterable<PackFaces.Entry>>, TablePart> {
    private static final long serialVersionUID = 1L;

    private final int shards;
    private final String attemptUri;

    WriteShardFn(int shards, String attemptUri) {
      this.shards = shards;
      this.attemptUri = attemptUri;
    }

    @ProcessElement
    public void write(
        @Element KV<Integer, Iterable<PackFaces.Entry>> shard, OutputReceiver<TablePart> out)
        throws IOException {
      Map<String, Place> crops = new HashMap<>();
      List<Row> rows = new ArrayList<>();
      try (ScratchFile scratch = new ScratchFile()) {
        for (PackFaces.Entry entry : shard.getValue()) {
          if (entry.split().isEmpty()) {
            Place place = new Place(scratch.append(entry.crop()), entry.crop().length);
            crops.put(entry.faceId(), place);
          } else {
            long hash = SeededHash.of(entry.faceId());
            rows.add(new Row(hash, entry.faceId(), entry.split(), entry.identity()));
          }
        }
        if (rows.isEmpty()) {
          return; // faces of verification sets alone
        }
        rows.sort(
            Comparator.comparingLong(Row::hash)
                .thenComparing(Row::faceId)
                .thenComparing(Row::split));
        String file =
            "%s/part-%05d-of-%05d.parquet".formatted(PackFaces.TABLE, shard.getKey(), shards);
        try (PartFile<PackRow> pack =
            PartFile.plain(RowType.of(PackRow.class), attemptUri, file, PLAIN)) {
          for (Row row : rows) {
            pack.add(row(row, crops.get(row.faceId()), scratch));
          }
          out.output(pack.finish());
        }
      }
    }

    private static PackRow row(Row row, Place place, ScratchFile scratch) {
      byte[] crop = scratch.read(place.position(), place.length());
      return new PackRow(row.faceId(), row.split(), row.identity(), crop.length, crop);
    }
  }
}
