package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.pipelines.FirstNames;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageResult;
import io.facet.transforms.ingest.ForgottenImages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.RejectRow;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Dead letters of a stage: counted by reason and told with some names; too many fail it. */
final class Rejects {
  private static final int NAMES = 3;

  private final String table;
  private final Map<String, FirstNames> reasons = new TreeMap<>();
  private long total;
  private long forgotten;

  private Rejects(String table) {
    this.table = table;
  }

  /** The table {@code rejects} of an attempt. */
  static Rejects read(String attempt) throws IOException {
    Rejects rejects = new Rejects(attempt + "/rejects");
    try (ParquetTable.Rows<RejectRow> rows =
        ParquetTable.read(RejectRow.class, TableSummary.read(attempt, "rejects").uris(attempt))) {
      rows.forEach(rejects::add);
    }
    return rejects;
  }

  /** What somebody asked to forget is counted, and is no fault of the data. */
  private void add(RejectRow row) {
    if (row.reason().equals(ForgottenImages.REASON)) {
      forgotten++;
      return;
    }
    total++;
    reasons.computeIfAbsent(row.reason(), reason -> new FirstNames(NAMES)).add(row.name());
  }

  private String counts() {
    return mostFirst(entry -> entry.getKey() + " " + entry.getValue().count());
  }

  private String countsAndNames() {
    return mostFirst(
        entry ->
            "%s %d (%s)".formatted(entry.getKey(), entry.getValue().count(), entry.getValue()));
  }

  private String mostFirst(Function<Map.Entry<String, FirstNames>, String> text) {
    Comparator<Map.Entry<String, FirstNames>> byCount =
        Comparator.comparingLong(entry -> -entry.getValue().count());
    return reasons.entrySet().stream().sorted(byCount).map(text).collect(Collectors.joining(", "));
  }

  /**
   * Checks the share.
   *
   * @param kept images that were not rejected
   * @param maximum share in 0..1
   * @throws DataException if nothing was kept, or too much was rejected
   */
  void check(long kept, double maximum) {
    if (kept == 0) {
      throw new DataException(
          total == 0
              ? "no images at all; check data.train and data.verification"
              : "none of %d images could be used: %s; see 'facet inspect %s'"
                  .formatted(total, countsAndNames(), table));
    }
    double share = (double) total / (kept + total);
    if (share > maximum) {
      throw new DataException(
          "%d of %d images were rejected (%s), more than data.maximumRejectShare %s allows; see 'facet inspect %s'"
              .formatted(total, kept + total, counts(), maximum, table));
    }
  }

  /** Tells the user, and writes the counts into the result as metrics. */
  void report(StageContext context, StageResult result) {
    reasons.forEach((reason, of) -> result.metric("rejected." + reason, of.count()));
    if (forgotten > 0) {
      result.metric("rejected." + ForgottenImages.REASON, forgotten);
    }
    if (total > 0) {
      context.warn("%d rejected: %s".formatted(total, countsAndNames()));
    }
  }
}
