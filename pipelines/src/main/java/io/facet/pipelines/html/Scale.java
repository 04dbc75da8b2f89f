package io.facet.pipelines.html;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis: values between two ends, evenly or by their logarithm.
 *
 * @param low value at its beginning
 * @param high value at its end, above {@code low}
 * @param logarithmic whether equal steps are equal factors; {@code low} is above 0 then
 */
public record Scale(double low, double high, boolean logarithmic) {
  private static final int TICKS = 5;

  /** Checks the ends. */
  public Scale {
    if (!(low < high) || (logarithmic && !(low > 0))) {
      throw new IllegalArgumentException("no axis from %s to %s".formatted(low, high));
    }
  }

  /** Evenly from the lowest to the highest value, with some room; around 0 without values. */
  public static Scale around(double lowest, double highest) {
    if (!(lowest <= highest)) {
      return new Scale(0, 1, false);
    }
    double room = highest > lowest ? 0.05 * (highest - lowest) : Math.max(1e-6, lowest * 0.05);
    return new Scale(lowest - room, highest + room, false);
  }

  /** By logarithm, from the lowest to the highest value, both above 0, with some room. */
  public static Scale logAround(double lowest, double highest) {
    if (!(lowest <= highest)) {
      return new Scale(1, 10, true);
    }
    double room = Math.pow(highest / lowest, 0.08);
    room = Math.max(room, 1.2);
    return new Scale(lowest / room, highest * room, true);
  }

  /** Where a value lies, 0 at the beginning and 1 at the end. */
  public double at(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Whether it has a place between the ends. */
  public boolean shows(double value) {
    return value >= low && value <= high;
  }

  /** Round values to write at the axis. */
  public List<Double> ticks() {
    return logarithmic ? powers() : even();
  }

  private List<Double> even() {
    double raw = (high - low) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step =
        power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /**
   * Powers of ten; where there are fewer than three, their doubles and fives too, and where these
   * are few as well, even steps.
   */
  private List<Double> powers() {
    List<Double> tens = powers(1);
    if (tens.size() >= 3) {
      return tens;
    }
    List<Double> more = powers(1, 2, 5);
    return more.size() >= 3 ? more : even();
  }

  private List<Double> powers(int... digits) {
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (int digit : digits) {
        double tick = power < 0 ? digit / Math.pow(10, -power) : digit * Math.pow(10, power);
        if (shows(tick)) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
