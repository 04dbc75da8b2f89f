package io.facet.models.protocol;

/**
 * What a batch of rounds of a bootstrap drew: how often each unit counts in each round, four rounds
 * in a long ({@link Fours}), and which seeds.
 */
final class DrawnRounds {
  /** Its square has 16 bits; nothing is drawn as often in the life of the world. */
  private static final int MOST = 255;

  private final Resampling pairs;
  private final int seeds;

  /** Of four rounds that are drawn one by one, {@code [round][unit]}. */
  private final int[][] drawn;

  /** {@code [unit][four rounds]}. */
  private final long[][] counts;

  /** {@code [round][seeds]}. */
  private int[][] picks = new int[0][];

  /** How often one unit was drawn at most in a round, of all batches so far. */
  private int most;

  /**
   * Room for a batch.
   *
   * @param batch rounds it has at most, a multiple of four
   */
  DrawnRounds(Resampling pairs, int seeds, int batch) {
    this.pairs = pairs;
    this.seeds = seeds;
    drawn = new int[Fours.LANES][pairs.units()];
    counts = new long[pairs.units()][batch / Fours.LANES];
  }

  /**
   * Draws a batch instead of the one before; the next follows it in the random numbers.
   *
   * @param rounds of the batch
   */
  void draw(Draws random, int rounds) {
    picks = new int[rounds][seeds];
    for (int round = 0; round < rounds; round++) {
      pairs.drawUnits(random, drawn[round % Fours.LANES]);
      for (int i = 0; i < seeds && seeds > 1; i++) {
        picks[round][i] = random.below(seeds);
      }
      if (round % Fours.LANES == Fours.LANES - 1 || round == rounds - 1) {
        take(round / Fours.LANES);
      }
    }
    if (most > MOST) {
      throw new IllegalStateException(
          "a round drew one of %d up to %d times".formatted(counts.length, most));
    }
  }

  private void take(int four) {
    int[] first = drawn[0];
    int[] second = drawn[1];
    int[] third = drawn[2];
    int[] fourth = drawn[3];
    int above = 0;
    for (int unit = 0; unit < counts.length; unit++) {
      above |= first[unit] | second[unit] | third[unit] | fourth[unit];
      counts[unit][four] = Fours.of(first[unit], second[unit], third[unit], fourth[unit]);
    }
    most = Math.max(most, above);
  }

  /** How many weights of pairs can be added before a sum needs more than 16 bits. */
  int atOnce() {
    return Fours.HIGHEST / Math.max(1, most * most);
  }

  /** Writes how often a pair counts in each round; rounds that were not drawn are no figures. */
  void weights(int pair, long[] weights) {
    pairs.weights(pair, counts, weights);
  }

  /** Seeds that were drawn, {@code [round][seeds]}; not copied. */
  int[][] picks() {
    return picks;
  }
}
