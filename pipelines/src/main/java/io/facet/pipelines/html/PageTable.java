package io.facet.pipelines.html;

import java.util.ArrayList;
import java.util.List;

/** A table with a caption; the first cell of each row names it. */
public final class PageTable {
  private static final int SHORT = 36;

  private final String caption;
  private final List<String> header;
  private final List<List<Tag>> rows = new ArrayList<>();
  private int left;

  /** An empty table; a header that begins with {@code #} is of a column of numbers. */
  public PageTable(String caption, String... header) {
    this.caption = caption;
    this.header = List.of(header);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has another number of cells than the header
   */
  public PageTable row(List<Tag> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(cells.size() + " cells for columns " + header);
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Adds a row of texts. */
  public PageTable row(String... cells) {
    List<Tag> tags = new ArrayList<>();
    for (String cell : cells) {
      tags.add(Tag.foreign(cell));
    }
    return row(tags);
  }

  /** Says that so many rows are left out. */
  public PageTable without(int more) {
    left = more;
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The element; where it is too wide, it scrolls by itself, also by keyboard. */
  public Tag tag() {
    Tag head = Tag.of("tr");
    for (String name : header) {
      head.add(cell("th", name, 0).with("scope", "col").text(plain(name)));
    }
    Tag body = Tag.of("tbody");
    for (List<Tag> row : rows) {
      Tag line = Tag.of("tr");
      for (int column = 0; column < row.size(); column++) {
        Tag content = row.get(column);
        Tag cell =
            cell(column == 0 ? "th" : "td", header.get(column), content.letters()).add(content);
        line.add(column == 0 ? cell.with("scope", "row") : cell);
      }
      body.add(line);
    }
    String text = left > 0 ? caption + ". %d more are left out".formatted(left) : caption;
    return Tag.of("div")
        .with("class", "scroll")
        .with("role", "group")
        .with("tabindex", "0")
        .with("aria-label", caption)
        .add(
            Tag.of("table")
                .add(Tag.of("caption").add(Tag.of("span", text)))
                .add(Tag.of("thead").add(head))
                .add(body));
  }

  /** Short text stays on one line; long text may break anywhere, but not into slivers. */
  private static Tag cell(String name, String column, int letters) {
    String look = column.startsWith("#") ? "number" : letters > SHORT ? "long" : "short";
    return Tag.of(name).with("class", look);
  }

  private static String plain(String column) {
    return column.startsWith("#") ? column.substring(1) : column;
  }
}
