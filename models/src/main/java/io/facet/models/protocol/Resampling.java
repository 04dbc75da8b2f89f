package io.facet.models.protocol;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Draws the pairs of a verification set anew for the rounds of a bootstrap, as a whole number of
 * times each pair counts. Same and different pairs keep their shares, which the list of pairs
 * fixes.
 *
 * <p><b>By pair</b>, same and different pairs are drawn apart with replacement, as if they were
 * independent. They are not where a person is in several pairs: then intervals are too narrow.
 *
 * <p><b>By identity</b>, the n people are drawn n times with replacement; person k comes c_k times
 * (the vertex bootstrap of Snijders and Borgatti 1999). A pair that shows person k twice counts c_k
 * times, a pair of persons k and l counts c_k c_l times. For sums x of centred values this has the
 * variance {@code A + T}, where A is the sum over persons of (sum of x over their pairs)^2 and T
 * the sum over pairs of different persons (repeated ones added first) of x^2: what is peculiar to a
 * pair enters three times instead of once (Owen 2007, The pigeonhole bootstrap). The variance that
 * is robust to shared persons is {@code A - T} (Fafchamps and Gubert 2007; Aronow, Samii and
 * Assenova 2015). So deviations from the estimate are multiplied by {@code sqrt(max(A - T, P) n /
 * ((n - 1) (A + T)))}, P being the sum of all x^2, and by the ratio of Student's quantile with n -
 * 1 degrees of freedom to the normal one: the interval has the form of the bootstrap and the robust
 * width, holds for few people, and is not narrower than one of independent pairs (this last step is
 * reconstructed from those sources, not published as such).
 */
public final class Resampling {
  /** Fewer people cannot stand for others; pairs are drawn then. */
  public static final int FEWEST_IDENTITIES = 10;

  private final boolean[] same;
  private final int[] samePairs;
  private final int[] differentPairs;

  /** Number of the person on each side; empty by pair. */
  private final int[] left;

  private final int[] right;
  private final int identities;

  /** Number of the two persons of a pair, alike for all their pairs; -1 for one person. */
  private final int[] cell;

  private final int cells;

  private Resampling(boolean[] same, int[] left, int[] right, int identities) {
    this.same = same;
    this.samePairs = positions(same, true);
    this.differentPairs = positions(same, false);
    this.left = left;
    this.right = right;
    this.identities = identities;
    PersonPairs persons = PersonPairs.of(left, right, identities);
    this.cell = persons.numbers();
    this.cells = persons.count();
  }

  /** Draws pairs. */
  public static Resampling byPair(boolean[] same) {
    return new Resampling(same, new int[0], new int[0], 0);
  }

  /**
   * Draws people.
   *
   * @param same whether a pair counts as a same pair
   * @param left who is on the first image of each pair, any numbers
   * @param right who is on the second
   */
  public static Resampling byIdentity(boolean[] same, long[] left, long[] right) {
    if (left.length != same.length || right.length != same.length) {
      throw new IllegalArgumentException(
          "%d pairs with %d and %d identities".formatted(same.length, left.length, right.length));
    }
    long[] both = Arrays.copyOf(left, 2 * left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    Arrays.sort(both);
    int known = 0;
    for (int i = 0; i < both.length; i++) {
      if (i == 0 || both[i] != both[i - 1]) {
        both[known++] = both[i];
      }
    }
    return new Resampling(same, places(both, known, left), places(both, known, right), known);
  }

  private static int[] places(long[] known, int count, long[] wanted) {
    int[] places = new int[wanted.length];
    Arrays.setAll(places, i -> Arrays.binarySearch(known, 0, count, wanted[i]));
    return places;
  }

  /** What is drawn. */
  public ResamplingUnit unit() {
    return identities == 0 ? ResamplingUnit.PAIR : ResamplingUnit.IDENTITY;
  }

  /** Number of people; 0 by pair. */
  public int identities() {
    return identities;
  }

  /** Number of pairs. */
  public int size() {
    return same.length;
  }

  /** Whether each pair is a same pair; not copied. */
  boolean[] same() {
    return same;
  }

  /**
   * People where they are known and enough, or pairs.
   *
   * @param unit wanted; {@link ResamplingUnit#PAIR} if there are fewer people than {@link
   *     #FEWEST_IDENTITIES}
   * @param left as in {@link #byIdentity}; empty if nobody knows who is on the images
   * @param right the same
   */
  public static Resampling of(ResamplingUnit unit, boolean[] same, long[] left, long[] right) {
    if (unit == ResamplingUnit.IDENTITY && left.length > 0) {
      Resampling people = byIdentity(same, left, right);
      if (people.identities() >= FEWEST_IDENTITIES) {
        return people;
      }
    }
    return byPair(same);
  }

  /**
   * The same where people are numbered.
   *
   * @param left from 0, each number in use; empty if nobody knows who is on the images
   * @param right the same
   */
  public static Resampling of(ResamplingUnit unit, boolean[] same, int[] left, int[] right) {
    int people = 1 + Math.max(highest(left), highest(right));
    return unit == ResamplingUnit.IDENTITY && people >= FEWEST_IDENTITIES
        ? new Resampling(same, left, right, people)
        : byPair(same);
  }

  private static int highest(int[] numbers) {
    return Arrays.stream(numbers).max().orElse(-1);
  }

  /**
   * One round.
   *
   * @param weights receives how often each pair counts; each kind of pair counts at least once
   */
  void draw(Draws random, int[] weights) {
    if (unit() == ResamplingUnit.PAIR) {
      drawPairs(random, weights);
      return;
    }
    int[] counts = new int[identities];
    drawPeople(random, counts);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight(i, counts);
    }
  }

  /** How many people or pairs are drawn in a round. */
  int units() {
    return unit() == ResamplingUnit.PAIR ? same.length : identities;
  }

  /**
   * One round, as {@link #draw} with the same random numbers.
   *
   * @param counts receives how often each person, or each pair, was drawn
   */
  void drawUnits(Draws random, int[] counts) {
    if (unit() == ResamplingUnit.PAIR) {
      drawPairs(random, counts);
    } else {
      drawPeople(random, counts);
    }
  }

  /**
   * How often a pair counts in several rounds.
   *
   * @param counts of {@link #drawUnits}, one of {@link Fours} a unit, no product of two above 16
   *     bits
   * @param weights receives one number a round
   */
  void weights(int pair, long[][] counts, long[] weights) {
    if (unit() == ResamplingUnit.PAIR) {
      System.arraycopy(counts[pair], 0, weights, 0, weights.length);
    } else if (left[pair] == right[pair]) {
      System.arraycopy(counts[left[pair]], 0, weights, 0, weights.length);
    } else {
      Fours.multiply(counts[left[pair]], counts[right[pair]], weights);
    }
  }

  private int weight(int pair, int[] counts) {
    int first = counts[left[pair]];
    return left[pair] == right[pair] ? first : first * counts[right[pair]];
  }

  private void drawPeople(Draws random, int[] counts) {
    do {
      random.resample(identities, counts);
    } while (!anyPair(counts, samePairs) || !anyPair(counts, differentPairs));
  }

  private boolean anyPair(int[] counts, int[] positions) {
    for (int position : positions) {
      if (weight(position, counts) > 0) {
        return true;
      }
    }
    return positions.length == 0;
  }

  /** One round of independent pairs, whatever the unit. */
  void drawPairs(Draws random, int[] weights) {
    for (int[] kind : new int[][] {samePairs, differentPairs}) {
      int[] counts = new int[kind.length];
      random.resample(kind.length, counts);
      for (int i = 0; i < kind.length; i++) {
        weights[kind[i]] = counts[i];
      }
    }
  }

  /** One round that draws what is peculiar to two persons and leaves pairs of one person alone. */
  private void drawCells(Draws random, int[] weights) {
    int[] counts = new int[cells];
    do {
      random.resample(cells, counts);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = cell[i] == PersonPairs.NONE ? 1 : counts[cell[i]];
      }
    } while (!any(weights, samePairs) || !any(weights, differentPairs));
  }

  private static boolean any(int[] weights, int[] positions) {
    for (int position : positions) {
      if (weights[position] > 0) {
        return true;
      }
    }
    return positions.length == 0;
  }

  /**
   * What deviations of a mean from its estimate are multiplied by, from the formula above.
   *
   * @param values of each pair; centred here, same and different pairs apart
   * @param confidence of the interval, in (0, 1)
   */
  double scaleOfMeans(double[] values, double confidence) {
    if (unit() == ResamplingUnit.PAIR) {
      return 1;
    }
    double[] centred = values.clone();
    centre(centred, samePairs);
    centre(centred, differentPairs);
    double[] ofPerson = new double[identities];
    double[] ofCell = new double[cells];
    double squares = 0;
    for (int i = 0; i < centred.length; i++) {
      ofPerson[left[i]] += centred[i];
      if (cell[i] != PersonPairs.NONE) {
        ofPerson[right[i]] += centred[i];
        ofCell[cell[i]] += centred[i];
      }
      squares += centred[i] * centred[i];
    }
    return scale(squares(ofPerson) + squares(ofCell), squares(ofCell), squares, confidence);
  }

  /**
   * The same for any figure, its variances found by drawing.
   *
   * @param drawn variance of the figure over rounds of {@link #draw}
   * @param variance of the figure over rounds of a way to draw
   * @param confidence of the interval, in (0, 1)
   */
  double scaleOfFigure(double drawn, VarianceOf variance, double confidence) {
    return unit() == ResamplingUnit.PAIR
        ? 1
        : scale(
            drawn,
            cells == 0 ? 0 : variance.over(this::drawCells),
            variance.over(this::drawPairs),
            confidence);
  }

  /** Measures a figure's variance. */
  @FunctionalInterface
  interface VarianceOf {
    /** Over rounds of this way to draw. */
    double over(BiConsumer<Draws, int[]> draw);
  }

  private double scale(double drawn, double cellsAlone, double pairsAlone, double confidence) {
    if (!(drawn > 0) || identities < 2) {
      return 1;
    }
    double robust = Math.max(drawn - 2 * cellsAlone, pairsAlone);
    double share = (1 + confidence) / 2;
    double fewPeople =
        new TDistribution(identities - 1.0).inverseCumulativeProbability(share)
            / new NormalDistribution().inverseCumulativeProbability(share);
    return fewPeople * Math.sqrt(robust * identities / ((identities - 1) * drawn));
  }

  private static void centre(double[] values, int[] positions) {
    double sum = 0;
    for (int position : positions) {
      sum += values[position];
    }
    for (int position : positions) {
      values[position] -= sum / positions.length;
    }
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  private static int[] positions(boolean[] same, boolean kind) {
    int[] found = new int[same.length];
    int count = 0;
    for (int i = 0; i < same.length; i++) {
      if (same[i] == kind) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }
}
