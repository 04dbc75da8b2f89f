package io.facet.pipelines.report;

import java.util.ArrayList;
import java.util.List;

/** A table for terminals and Markdown files. */
public final class TextTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has another number of cells than the header
   */
  public TextTable row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(cells.length + " cells for columns " + header);
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Adds a line that stands below the table. */
  public TextTable note(String text) {
    notes.add(text);
    return this;
  }

  /** The names of the columns. */
  public List<String> header() {
    return header;
  }

  /** The rows so far. */
  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** The lines below the table. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Columns padded with blanks; numbers to the right. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    append(text, header, "  ", "");
    for (List<String> row : rows) {
      append(text, row, "  ", "");
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /** A Markdown table. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    append(text, header, " | ", "| ");
    text.append("|").append("---|".repeat(header.size())).append('\n');
    for (List<String> row : rows) {
      append(text, row, " | ", "| ");
    }
    notes.forEach(note -> text.append('\n').append(note).append('\n'));
    return text.toString();
  }

  private void append(StringBuilder text, List<String> row, String between, String edge) {
    StringBuilder line = new StringBuilder(edge);
    for (int column = 0; column < row.size(); column++) {
      int width = width(column);
      String cell = row.get(column);
      String padding = " ".repeat(width - cell.length());
      line.append(numeric(column) ? padding + cell : cell + padding);
      if (column < row.size() - 1) {
        line.append(between);
      }
    }
    text.append(line.toString().stripTrailing()).append(edge.isEmpty() ? "" : " |").append('\n');
  }

  private int width(int column) {
    int width = header.get(column).length();
    for (List<String> row : rows) {
      width = Math.max(width, row.get(column).length());
    }
    return width;
  }

  private boolean numeric(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).matches("[-+]?[0-9.,]+( .*)?|-|"));
  }
}
