package io.facet.pipelines.plan;

import io.facet.pipelines.artifact.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * @param earlier rows of an earlier artifact that belong to it too, files shared
   */
  record WrittenTable(String name, Class<?> rows, Optional<Manifest.Table> earlier) {}

  /** A table written by {@code FacetParquetIO} in the attempt folder. */
  public StageResult table(String name, Class<? extends Record> rows) {
    tables.add(new WrittenTable(name, rows, Optional.empty()));
    return this;
  }

  /** As {@link #table}, continued: the files of an earlier artifact's table count as well. */
  public StageResult table(String name, Class<? extends Record> rows, Manifest.Table earlier) {
    tables.add(new WrittenTable(name, rows, Optional.of(earlier)));
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
