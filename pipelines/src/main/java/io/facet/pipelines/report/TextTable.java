package io.facet.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A table for terminals and Markdown files. */
public final class TextTable {
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.,]+( .*)?|-|");

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
    List<Column> columns = columns();
    append(text, columns, header, "  ", "");
    for (List<String> row : rows) {
      append(text, columns, row, "  ", "");
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  /** A Markdown table. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    List<Column> columns = columns();
    append(text, columns, header, " | ", "| ");
    text.append("|").append("---|".repeat(header.size())).append('\n');
    for (List<String> row : rows) {
      append(text, columns, row, " | ", "| ");
    }
    notes.forEach(note -> text.append('\n').append(note).append('\n'));
    return text.toString();
  }

  private static void append(
      StringBuilder text, List<Column> columns, List<String> row, String between, String edge) {
    StringBuilder line = new StringBuilder(edge);
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      String padding = " ".repeat(columns.get(i).width() - cell.length());
      line.append(columns.get(i).numeric() ? padding + cell : cell + padding);
      if (i < row.size() - 1) {
        line.append(between);
      }
    }
    text.append(line.toString().stripTrailing()).append(edge.isEmpty() ? "" : " |").append('\n');
  }

  /** What all cells of a column have in common. */
  private record Column(int width, boolean numeric) {}

  private List<Column> columns() {
    return IntStream.range(0, header.size()).mapToObj(this::column).toList();
  }

  private Column column(int column) {
    int width = header.get(column).length();
    boolean numeric = !rows.isEmpty();
    for (List<String> row : rows) {
      width = Math.max(width, row.get(column).length());
      numeric = numeric && NUMBER.matcher(row.get(column)).matches();
    }
    return new Column(width, numeric);
  }
}
