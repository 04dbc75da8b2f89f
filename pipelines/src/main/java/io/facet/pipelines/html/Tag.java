package io.facet.pipelines.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An element of a page, or of a drawing in it. What it is given as text or as the value of an
 * attribute is escaped, whatever it holds; the result is well-formed XML that browsers read as
 * HTML.
 */
public final class Tag {
  /** HTML elements without an end tag; those of drawings may stand alone too when empty. */
  private static final Set<String> ALONE =
      Set.of("meta", "br", "img", "line", "path", "polyline", "rect", "circle", "polygon");

  private static final char UNKNOWN = '\uFFFD';

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Object> children = new ArrayList<>();

  private Tag(String name) {
    this.name = name;
  }

  /** An empty element. */
  public static Tag of(String name) {
    return new Tag(name);
  }

  /** An element with text. */
  public static Tag of(String name, String text) {
    return new Tag(name).text(text);
  }

  /** Sets an attribute. */
  public Tag with(String attribute, String value) {
    attributes.put(attribute, value);
    return this;
  }

  /** Sets an attribute to a coordinate or length in a drawing. */
  public Tag with(String attribute, double value) {
    return with(attribute, Figures.coordinate(value));
  }

  /** Adds text. */
  public Tag text(String text) {
    children.add(text);
    return this;
  }

  /** Adds an element. */
  public Tag add(Tag child) {
    children.add(child);
    return this;
  }

  /** Adds elements. */
  public Tag addAll(List<Tag> more) {
    children.addAll(more);
    return this;
  }

  /**
   * Text that somebody else chose, such as a file name: it cannot turn the direction of the text
   * around it.
   */
  public static Tag foreign(String text) {
    return of("bdi", text);
  }

  /** How many letters of text it holds. */
  int letters() {
    int letters = 0;
    for (Object child : children) {
      letters += child instanceof Tag tag ? tag.letters() : ((String) child).length();
    }
    return letters;
  }

  /** The element as it stands in a file. */
  public String render() {
    StringBuilder out = new StringBuilder();
    render(out);
    return out.toString();
  }

  private void render(StringBuilder out) {
    out.append('<').append(name);
    attributes.forEach(
        (key, value) -> {
          out.append(' ').append(key).append("=\"");
          escape(value, true, out);
          out.append('"');
        });
    if (children.isEmpty() && ALONE.contains(name)) {
      out.append("/>");
      return;
    }
    out.append('>');
    for (Object child : children) {
      if (child instanceof Tag tag) {
        tag.render(out);
      } else {
        escape((String) child, false, out);
      }
    }
    out.append("</").append(name).append('>');
  }

  private static void escape(String text, boolean attribute, StringBuilder out) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append(attribute ? "&quot;" : "\"");
        case '\n', '\t' -> out.append(attribute ? ' ' : (char) c);
        default -> {
          if (readable(c)) {
            out.appendCodePoint(c);
          } else {
            out.append(UNKNOWN);
          }
        }
      }
    }
  }

  /** No control character, no half of a pair, no character that is none. */
  private static boolean readable(int c) {
    return !Character.isISOControl(c)
        && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        && (c & 0xFFFE) != 0xFFFE;
  }
}
