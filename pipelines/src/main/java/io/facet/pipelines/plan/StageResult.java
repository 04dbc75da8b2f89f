package io.facet.pipelines.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a stage wrote into its attempt folder. */
public final class StageResult {
  private final List<WrittenTable> tables = new ArrayList<>();
  private final List<String> attachments = new ArrayList<>();
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  /**
   * A table of the result.
   *
   * @param name of the table; its {@code NAME/summary.json} lies in the attempt folder
   * @param rows type of its rows
   */
  record WrittenTable(String name, Class<?> rows) {}

  /** A table written by {@code FacetParquetIO} in the attempt folder. */
  public StageResult table(String name, Class<? extends Record> rows) {
    tables.add(new WrittenTable(name, rows));
    return this;
  }

  /** A file put into the attempt folder. */
  public StageResult attachment(String name) {
    attachments.add(name);
    return this;
  }

  /**
   * A final number.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public StageResult metric(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("metric " + name + " is " + value);
    }
    metrics.put(name, value);
    return this;
  }

  /** A short fact in words. */
  public StageResult note(String name, String value) {
    notes.put(name, value);
    return this;
  }

  List<WrittenTable> tables() {
    return tables;
  }

  List<String> attachments() {
    return attachments;
  }

  Map<String, Double> metrics() {
    return metrics;
  }

  Map<String, String> notes() {
    return notes;
  }
}
