package io.facet.models.backbone;

/** Channel counts of narrowed or widened networks. */
final class ChannelWidth {
  private static final int MULTIPLE = 8;

  private ChannelWidth() {}

  /** The base count times a factor, rounded to a multiple of 8, at least 8. */
  static int scaled(int base, double factor) {
    return Math.max(MULTIPLE, (int) Math.round(base * factor / MULTIPLE) * MULTIPLE);
  }
}
