package io.facet.models.protocol;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;

/**
 * {@link Bootstrap#accuracy} and {@link Bootstrap#compare} of many systems on the same pairs, bit
 * for bit: what a round draws depends on pairs and seeds alone, so each round is drawn once for all
 * systems of as many seeds. A hundred thousand rounds of a thousand systems take seconds. Uses all
 * processors.
 */
public final class JointBootstrap {
  private final Resampling pairs;
  private final double confidence;
  private final int rounds;
  private final long seed;

  private JointBootstrap(Resampling pairs, double confidence, int rounds, long seed) {
    this.pairs = pairs;
    this.confidence = confidence;
    this.rounds = rounds;
    this.seed = seed;
  }

  /**
   * A system, and what it is compared with.
   *
   * @param correct verdicts {@code [seed][pair]}; arrays that several questions share are summed
   *     once
   * @param opponent verdicts of another system as in {@link Bootstrap#compare}
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Question(boolean[][] correct, Optional<boolean[][]> opponent) {}

  /**
   * What came of a question.
   *
   * @param accuracy with its interval
   * @param comparison with the opponent
   */
  public record Answer(Bootstrap.Interval accuracy, Optional<Bootstrap.Comparison> comparison) {}

  /**
   * Answers in the order of the questions.
   *
   * @param pairs how they are drawn
   * @param confidence share of rounds inside an interval, in (0, 1)
   * @param rounds number of resamples, at least 1
   * @throws IllegalArgumentException if pairs or seeds of a comparison cannot be matched
   */
  public static List<Answer> answers(
      Resampling pairs, List<Question> questions, double confidence, int rounds, long seed) {
    return new JointBootstrap(pairs, confidence, rounds, seed).answers(questions);
  }

  /** Answers of a question that are still being drawn. */
  private record Open(DrawnMeans accuracy, Optional<DrawnMeans> comparison) {}

  /** All that has one number of seeds, and so one sequence of random numbers. */
  private static final class Group {
    private final Map<boolean[], Integer> places = new IdentityHashMap<>();
    private final List<boolean[]> verdicts = new ArrayList<>();
    private final List<DrawnMeans> means = new ArrayList<>();

    int place(boolean[] of) {
      Integer known = places.putIfAbsent(of, verdicts.size());
      if (known == null) {
        verdicts.add(of);
        return verdicts.size() - 1;
      }
      return known;
    }
  }

  private List<Answer> answers(List<Question> questions) {
    Map<Integer, Group> groups = new TreeMap<>();
    List<Open> open = new ArrayList<>();
    for (Question question : questions) {
      boolean[][] correct = question.correct();
      open.add(
          new Open(
              means(groups, correct, Optional.empty()),
              question.opponent().map(other -> means(groups, correct, Optional.of(other)))));
    }
    groups.forEach(this::draw);
    return open.stream()
        .map(
            one ->
                new Answer(one.accuracy().interval(), one.comparison().map(DrawnMeans::comparison)))
        .toList();
  }

  private DrawnMeans means(
      Map<Integer, Group> groups, boolean[][] first, Optional<boolean[][]> second) {
    int others = second.map(other -> other.length).orElse(1);
    int seeds = Math.max(first.length, others);
    if ((first.length != seeds && first.length != 1) || (others != seeds && others != 1)) {
      throw new IllegalArgumentException(
          "verdicts of %d and %d seeds".formatted(first.length, others));
    }
    Group group = groups.computeIfAbsent(seeds, s -> new Group());
    int[] one = new int[seeds];
    int[] other = new int[second.isPresent() ? seeds : 0];
    for (int s = 0; s < seeds; s++) {
      one[s] = group.place(first[Math.min(s, first.length - 1)]);
      if (second.isPresent()) {
        other[s] = group.place(second.get()[Math.min(s, others - 1)]);
      }
    }
    DrawnMeans means = new DrawnMeans(one, other, rounds);
    group.means.add(means);
    return means;
  }

  private void draw(int seeds, Group group) {
    group.means.parallelStream().forEach(one -> one.begin(pairs, group.verdicts, confidence));
    WeightedVerdicts sums = new WeightedVerdicts(pairs, group.verdicts);
    int batch = sums.batch();
    Draws random = new Draws(seed);
    DrawnRounds now = new DrawnRounds(pairs, seeds, batch);
    DrawnRounds after = new DrawnRounds(pairs, seeds, batch);
    now.draw(random, Math.min(batch, rounds));
    for (int first = 0; first < rounds; first += batch) {
      DrawnRounds next = after;
      int left = Math.min(batch, rounds - first - batch);
      // one processor draws the next batch while the others sum up this one
      ForkJoinTask<?> drawing =
          ForkJoinPool.commonPool().submit(() -> next.draw(random, Math.max(0, left)));
      sums.add(now);
      int[][] picks = now.picks();
      IntStream.range(0, group.means.size())
          .parallel()
          .forEach(i -> group.means.get(i).add(sums, picks));
      drawing.join();
      after = now;
      now = next;
    }
  }
}
