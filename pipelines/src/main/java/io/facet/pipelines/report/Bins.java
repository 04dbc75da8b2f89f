package io.facet.pipelines.report;

import java.util.Arrays;

/**
 * How many values lie where, in memory that does not grow with their number: counts between edges
 * that are equally far apart, or equal factors apart. Values beyond the ends count in the outermost
 * bins.
 */
public final class Bins {
  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final long[] counts;
  private long total;
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;

  /**
   * Empty bins.
   *
   * @param low first edge; above 0 if logarithmic
   * @param high last edge
   * @param bins how many
   */
  public Bins(double low, double high, int bins, boolean logarithmic) {
    this.low = low;
    this.high = high;
    this.logarithmic = logarithmic;
    counts = new long[bins];
  }

  /** Counts a value; NaN is refused. */
  public void add(double value) {
    counts[index(value)]++;
    total++;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }

  /** The bin a value lies in. */
  public int index(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("NaN lies in no bin");
    }
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    // A value that is an edge but for rounding belongs above it.
    int bin = (int) Math.floor(share * counts.length + 1e-7);
    return Math.max(0, Math.min(counts.length - 1, bin));
  }

  /** How many values were counted. */
  public long total() {
    return total;
  }

  /** How many bins there are. */
  public int size() {
    return counts.length;
  }

  /** Values in a bin. */
  public long count(int bin) {
    return counts[bin];
  }

  /** Values in this bin and those above it. */
  public long from(int bin) {
    return Arrays.stream(counts, bin, counts.length).sum();
  }

  /** Lower edge of a bin; that of {@link #size()} is the last edge. */
  public double edge(int bin) {
    double share = (double) bin / counts.length;
    return logarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
  }

  /** Whether all values are equal, or there is none. */
  public boolean isConstant() {
    return !(smallest < largest);
  }

  /**
   * The value below which a share of all lies: the middle of its bin, but no value beyond the
   * smallest and the largest; NaN without values.
   *
   * @param share in 0..1
   */
  public double quantile(double share) {
    if (total == 0) {
      return Double.NaN;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      seen += counts[bin];
      if (seen >= wanted) {
        double middle =
            logarithmic ? Math.sqrt(edge(bin) * edge(bin + 1)) : (edge(bin) + edge(bin + 1)) / 2;
        return Math.max(smallest, Math.min(largest, middle));
      }
    }
    throw new IllegalStateException("counts and total differ");
  }

  /**
   * Fewer bins over the part that holds values, for drawing.
   *
   * @param edges one more than counts, rising
   * @param counts of values
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Outline(double[] edges, double[] counts) {}

  /** An outline of at most so many bins from the first to the last value; all bins if empty. */
  public Outline outline(int most) {
    return outline(first(), last(), most);
  }

  /** As {@link #outline(int)} between two bins, both included. */
  public Outline outline(int firstBin, int lastBin, int most) {
    int width = Math.max(1, (lastBin - firstBin + most) / most);
    int bins = (lastBin - firstBin + width) / width;
    double[] edges = new double[bins + 1];
    double[] sums = new double[bins];
    for (int i = 0; i < bins; i++) {
      int from = firstBin + i * width;
      int to = Math.min(counts.length, from + width);
      edges[i] = edge(from);
      edges[i + 1] = edge(to);
      sums[i] = Arrays.stream(counts, from, to).sum();
    }
    return new Outline(edges, sums);
  }

  /** The lowest bin with a value; 0 if there is none. */
  public int first() {
    int bin = 0;
    while (total > 0 && counts[bin] == 0) {
      bin++;
    }
    return bin;
  }

  /** The highest bin with a value; the last one if there is none. */
  public int last() {
    int bin = counts.length - 1;
    while (total > 0 && counts[bin] == 0) {
      bin--;
    }
    return bin;
  }
}
