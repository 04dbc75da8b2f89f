package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.pipelines.FirstNames;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageResult;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SharedRow;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Images and people that are learnt from and measured on: told with some names, or refused. */
final class SharedRows {
  private static final int NAMES = 5;

  private final String table;
  private final Map<Kind, FirstNames> kinds =
      new TreeMap<>(
          Comparator.comparing(Kind::set)
              .thenComparing(Kind::source)
              .thenComparing(Kind::kind, Comparator.reverseOrder()));

  /** What two sources share of one kind. */
  private record Kind(String set, String source, String kind) {}

  private SharedRows(String table) {
    this.table = table;
  }

  /** The table {@code shared} of an attempt. */
  static SharedRows read(String attempt) throws IOException {
    SharedRows shared = new SharedRows(attempt + "/shared");
    try (ParquetTable.Rows<SharedRow> rows =
        ParquetTable.read(SharedRow.class, attempt, "shared")) {
      rows.forEach(shared::add);
    }
    return shared;
  }

  private void add(SharedRow row) {
    kinds
        .computeIfAbsent(
            new Kind(row.set(), row.source(), row.kind()), kind -> new FirstNames(NAMES))
        .add(row.twin().equals(row.name()) ? row.name() : row.name() + " = " + row.twin());
  }

  /**
   * Refuses them.
   *
   * @throws DataException naming sets, images and identities
   */
  void refuse() {
    if (!kinds.isEmpty()) {
      throw new DataException(
          "%s; remove them from one side, or set data.overlap: report; see 'facet inspect %s'"
              .formatted(text(), table));
    }
  }

  /** Tells the user, and writes the counts into the result as metrics. */
  void report(StageContext context, StageResult result) {
    if (!kinds.isEmpty()) {
      result.metric("shared.images", count(SharedRow.IMAGE));
      result.metric("shared.identities", count(SharedRow.IDENTITY));
      context.warn(text());
    }
  }

  private long count(String kind) {
    return kinds.entrySet().stream()
        .filter(entry -> entry.getKey().kind().equals(kind))
        .mapToLong(entry -> entry.getValue().count())
        .sum();
  }

  private String text() {
    return kinds.entrySet().stream()
        .map(entry -> text(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String text(Kind kind, FirstNames names) {
    boolean images = kind.kind().equals(SharedRow.IMAGE);
    return "verification set '%s' shares %d %s with training source '%s': %s"
        .formatted(
            kind.set(),
            names.count(),
            names.count() == 1
                ? (images ? "image" : "identity")
                : (images ? "images" : "identities"),
            kind.source(),
            names);
  }
}
