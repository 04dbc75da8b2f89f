package io.facet.pipelines.report;

/** Cells of comma-separated files. */
public final class CsvCell {
  private CsvCell() {}

  /** The text, in quotes where it would otherwise end its cell or its line. */
  public static String of(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
