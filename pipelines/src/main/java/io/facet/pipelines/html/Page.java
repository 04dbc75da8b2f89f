package io.facet.pipelines.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One file that holds all it shows: no script, no address, nothing is fetched. Its sections are
 * listed at its beginning.
 */
public final class Page {
  private static final String NOTHING_ELSE =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private final String title;
  private final Tag heading;
  private final List<Tag> sections = new ArrayList<>();
  private final Tag contents = Tag.of("ul");

  /** A page without sections; {@code heading} stands below its title. */
  public Page(String title, Tag heading) {
    this.title = title;
    this.heading = heading;
  }

  /**
   * Adds a section.
   *
   * @param id its place in the file
   */
  public Page section(String id, String name, List<Tag> content) {
    contents.add(Tag.of("li").add(Tag.of("a", name).with("href", "#" + id)));
    sections.add(
        Tag.of("section")
            .with("id", id)
            .with("aria-labelledby", id + "-name")
            .add(Tag.of("h2", name).with("id", id + "-name"))
            .addAll(content));
    return this;
  }

  /** Charts side by side where there is room. */
  public static Tag sideBySide(List<Tag> figures) {
    return Tag.of("div").with("class", "charts").addAll(figures);
  }

  /** A drawing with its caption and, if there are series, their names. */
  public static Tag figure(Tag drawing, String caption, List<SeriesStyle.Named> series) {
    Tag figure = Tag.of("figure").add(drawing);
    if (!series.isEmpty()) {
      figure.add(SeriesStyle.legend(series));
    }
    return figure.add(Tag.of("figcaption", caption));
  }

  /** The file. */
  public byte[] bytes() {
    Tag head =
        Tag.of("head")
            .add(Tag.of("meta").with("charset", "utf-8"))
            .add(
                Tag.of("meta")
                    .with("http-equiv", "Content-Security-Policy")
                    .with("content", NOTHING_ELSE))
            .add(
                Tag.of("meta")
                    .with("name", "viewport")
                    .with("content", "width=device-width, initial-scale=1"))
            .add(Tag.of("meta").with("name", "color-scheme").with("content", "light dark"))
            .add(Tag.of("title", title))
            .add(Tag.of("style", style()));
    Tag body =
        Tag.of("body")
            .add(Tag.of("a", "To the results").with("href", "#content").with("class", "skip"))
            .add(Tag.of("header").add(Tag.of("h1", title)).add(heading))
            .add(Tag.of("nav").with("aria-label", "Sections").add(contents))
            .add(Tag.of("main").with("id", "content").with("tabindex", "-1").addAll(sections));
    Tag html = Tag.of("html").with("lang", "en").add(head).add(body);
    return ("<!DOCTYPE html>\n" + html.render() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Without the signs that would be escaped. */
  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page.css cannot be read", e);
    }
  }
}
