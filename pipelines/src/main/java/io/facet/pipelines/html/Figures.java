package io.facet.pipelines.html;

import java.util.Locale;

/** Numbers as people read them, the same in every country. */
public final class Figures {
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private Figures() {}

  /** A share in 0..1 as percent: {@code 87.30}. */
  public static String percent(double share) {
    return format("%.2f", 100 * share);
  }

  /** {@code 12,345}. */
  public static String count(long number) {
    return format("%,d", number);
  }

  /** Four significant digits, without needless zeros. */
  public static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : "-";
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-4) {
      return format("%.2e", value);
    }
    if (value == Math.rint(value)) {
      return count((long) value);
    }
    int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
    String text = format("%." + Math.min(6, decimals) + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /** A value at an axis: as {@link #number}, but {@code 2 M} for two million. */
  static String tick(double value) {
    return value >= 1e6 && value < 1e9 ? number(value / 1e6) + " M" : number(value);
  }

  /** {@code 0.42 s}, {@code 12.3 s}, {@code 2:05} minutes or {@code 1:02:03} hours. */
  public static String duration(double seconds) {
    if (seconds < MINUTE) {
      return format(seconds < 1 ? "%.2f s" : "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < HOUR
        ? format("%d:%02d min", whole / MINUTE, whole % MINUTE)
        : format("%d:%02d:%02d h", whole / HOUR, whole / MINUTE % MINUTE, whole % MINUTE);
  }

  /** A coordinate of a drawing: a tenth of a pixel is enough. */
  static String coordinate(double value) {
    double rounded = Math.rint(value * 10) / 10;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  /** {@link String#format} as in every country. */
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
