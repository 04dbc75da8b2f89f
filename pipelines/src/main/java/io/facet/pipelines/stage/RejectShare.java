package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.RejectRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Dead letters of a stage: counted by reason, and too many fail it. */
final class RejectShare {
  private RejectShare() {}

  /** Rejected records by reason. */
  static Map<String, Long> byReason(List<String> rejectFiles) {
    Map<String, Long> counts = new TreeMap<>();
    try (ParquetTable.Rows<RejectRow> rejects = ParquetTable.read(RejectRow.class, rejectFiles)) {
      rejects.forEach(reject -> counts.merge(reject.reason(), 1L, Long::sum));
    }
    return counts;
  }

  /**
   * Checks the share.
   *
   * @param kept records that were not rejected
   * @param what they are, in the plural
   * @param maximum share in 0..1
   * @param table where the rejects can be read
   * @throws DataException if nothing was kept, or too much was rejected
   */
  static void check(
      Map<String, Long> byReason, long kept, String what, double maximum, String table) {
    long rejected = byReason.values().stream().mapToLong(Long::longValue).sum();
    String reasons =
        byReason.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    if (kept == 0) {
      throw new DataException(
          rejected == 0
              ? "no " + what + " at all; check data.train and data.verification"
              : "none of %d %s could be used: %s; see 'facet inspect %s'"
                  .formatted(rejected, what, reasons, table));
    }
    double share = (double) rejected / (kept + rejected);
    if (share > maximum) {
      throw new DataException(
          "%d of %d %s were rejected (%s), more than data.maximumRejectShare %s allows; see 'facet inspect %s'"
              .formatted(rejected, kept + rejected, what, reasons, maximum, table));
    }
  }
}
