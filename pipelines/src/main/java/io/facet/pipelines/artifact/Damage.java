package io.facet.pipelines.artifact;

import java.util.List;

/**
 * A file of a committed artifact that is not what was committed.
 *
 * @param file URI
 * @param expected what the manifest or the commit says of it
 * @param found what is there
 */
public record Damage(String file, String expected, String found) {
  private static final int DIGITS = 12;

  static Damage missing(String file, String expected) {
    return new Damage(file, expected, "no file");
  }

  static Damage size(String file, long expected, long found) {
    return new Damage(file, expected + " bytes", found + " bytes");
  }

  static Damage digest(String file, String expected, String found) {
    return new Damage(file, "SHA-256 " + shortened(expected), "SHA-256 " + shortened(found));
  }

  /** In one line. */
  public String text() {
    return "%s is damaged: expected %s, found %s".formatted(file, expected, found);
  }

  /** The first in one line, and how many more there are. */
  static String text(List<Damage> damage) {
    String first = damage.get(0).text();
    return damage.size() == 1 ? first : "%s (and %d more)".formatted(first, damage.size() - 1);
  }

  private static String shortened(String digest) {
    return digest.length() > DIGITS ? digest.substring(0, DIGITS) + "..." : "'" + digest + "'";
  }
}
