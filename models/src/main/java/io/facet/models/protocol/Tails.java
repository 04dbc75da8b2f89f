package io.facet.models.protocol;

import java.util.Arrays;

/**
 * The ends of an interval over a known number of values that come one by one: only those near both
 * ends are kept. What {@link Bootstrap#quantile} finds among all of them, sorted, is found here.
 */
final class Tails {
  private final int count;
  private final double share;

  /** The lowest values, and the highest with their sign turned. */
  private final Lowest low;

  private final Lowest high;

  /**
   * Begins.
   *
   * @param count of all values
   * @param confidence share of them inside the interval, in (0, 1)
   */
  Tails(int count, double confidence) {
    this.count = count;
    this.share = (1 - confidence) / 2;
    this.low = new Lowest(Math.min(count, (int) (share * (count - 1)) + 2));
    this.high = new Lowest(Math.min(count, count - (int) ((1 - share) * (count - 1))));
  }

  /** The next value. */
  void add(double value) {
    low.add(value);
    high.add(-value);
  }

  /** The interval of an estimate, all values being there. */
  Bootstrap.Interval interval(double estimate) {
    double[] lowest = low.sorted();
    double[] highest = high.sorted();
    return new Bootstrap.Interval(
        estimate,
        quantile(share, place -> lowest[place]),
        quantile(1 - share, place -> -highest[count - 1 - place]));
  }

  private interface Sorted {
    double at(int place);
  }

  /** As {@link Bootstrap#quantile}. */
  private double quantile(double wanted, Sorted values) {
    double position = wanted * (count - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, count - 1);
    return values.at(below) + (position - below) * (values.at(above) - values.at(below));
  }

  /** The lowest so many of any number of values. */
  private static final class Lowest {
    private final int wanted;
    private final double[] values;
    private int filled;
    private double cut = Double.POSITIVE_INFINITY;

    Lowest(int wanted) {
      this.wanted = wanted;
      this.values = new double[2 * wanted];
    }

    void add(double value) {
      if (value < cut || filled < wanted) {
        values[filled++] = value;
        if (filled == values.length) {
          forget();
        }
      }
    }

    double[] sorted() {
      Arrays.sort(values, 0, filled);
      return values;
    }

    /** Keeps the lowest alone, by Hoare's selection: they need no order until the end. */
    private void forget() {
      int low = 0;
      int high = filled - 1;
      while (low < high) {
        double pivot = values[(low + high) >>> 1];
        int i = low;
        int j = high;
        while (i <= j) {
          while (values[i] < pivot) {
            i++;
          }
          while (values[j] > pivot) {
            j--;
          }
          if (i <= j) {
            double value = values[i];
            values[i++] = values[j];
            values[j--] = value;
          }
        }
        if (wanted - 1 <= j) {
          high = j;
        } else if (wanted - 1 >= i) {
          low = i;
        } else {
          break;
        }
      }
      filled = wanted;
      cut = values[wanted - 1];
    }
  }
}
