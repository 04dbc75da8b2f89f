package io.facet.pipelines.report;

/** The beginning of a hash, which tells it from others, for people to read. */
public final class ShortHash {
  private static final int DIGITS = 12;

  private ShortHash() {}

  /** The first twelve digits; a shorter text as it is. */
  public static String of(String hash) {
    return hash.length() <= DIGITS ? hash : hash.substring(0, DIGITS);
  }
}
