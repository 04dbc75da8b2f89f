package io.facet.transforms.parquet;

import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.util.List;

/**
 * Writes a table of one file without a pipeline, row by row: for units and the driver. Its summary
 * is written by {@link #finish}; a table without rows has a summary and no file.
 */
public final class TableFile<T> implements AutoCloseable {
  /** Name of the file of a table that has no other. */
  static final String NAME = "part.parquet";

  private final String attemptUri;
  private final String table;
  private final RowType<T> rowType;
  private PartFile<T> part;

  private TableFile(String attemptUri, String table, RowType<T> rowType) {
    this.attemptUri = attemptUri;
    this.table = table;
    this.rowType = rowType;
  }

  /** Begins a table below an attempt folder. */
  public static <T> TableFile<T> create(Class<T> type, String attemptUri, String table) {
    return new TableFile<>(attemptUri, table, RowType.of(type));
  }

  /** Writes a whole table. */
  public static <T> TableSummary write(
      Class<T> type, String attemptUri, String table, Iterable<T> rows) throws IOException {
    try (TableFile<T> file = create(type, attemptUri, table)) {
      for (T row : rows) {
        file.add(row);
      }
      return file.finish();
    }
  }

  /** Appends one row. */
  public void add(T row) throws IOException {
    if (part == null) {
      part = PartFile.create(rowType, attemptUri, table + "/" + NAME);
    }
    part.add(row);
  }

  /** Ends the table and writes its summary: from here on it exists. */
  public TableSummary finish() throws IOException {
    TableSummary summary =
        TableSummary.of(table, part == null ? List.of() : List.of(part.finish()));
    summary.write(attemptUri);
    return summary;
  }

  /** Closes the data file. Without {@link #finish} there is no summary, hence no table. */
  @Override
  public void close() throws IOException {
    if (part != null) {
      part.close();
    }
  }
}
