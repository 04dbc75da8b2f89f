package io.facet.transforms.train;

import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.TrainingSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Draws pairs of crops in which all identities come as evenly as possible, however many crops each
 * has. What is drawn depends on the crops' names alone.
 */
public final class BalancedPairs {
  /** Draws a wanted pair at most, since few crops have few different pairs. */
  private static final int PATIENCE = 4;

  private final TrainingSet crops;
  private final List<List<Integer>> byIdentity = new ArrayList<>();

  /** Pairs of these crops; only names and labels are read. */
  public BalancedPairs(TrainingSet crops) {
    this.crops = crops;
    for (int label = 0; label < crops.classes(); label++) {
      byIdentity.add(new ArrayList<>());
    }
    for (int i = 0; i < crops.size(); i++) {
      byIdentity.get(crops.label(i)).add(i);
    }
    byIdentity.removeIf(List::isEmpty);
  }

  /** Two positions among the crops, the lower one first. */
  public record Drawn(int left, int right) {}

  /**
   * Pairs that show one identity: one of each identity that has any, then a second one, and so on;
   * the last round takes those with the lowest hashes.
   */
  public List<Drawn> same(int most) {
    int rounds = rounds(most);
    Comparator<Drawn> byHash =
        Comparator.comparingLong(this::hash)
            .thenComparingInt(Drawn::left)
            .thenComparingInt(Drawn::right);
    List<List<Drawn>> drawn = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      drawn.add(new ArrayList<>());
    }
    for (List<Integer> own : byIdentity) {
      List<Drawn> lowest = lowest(own, rounds, byHash);
      for (int round = 0; round < lowest.size(); round++) {
        drawn.get(round).add(lowest.get(round));
      }
    }
    List<Drawn> chosen = new ArrayList<>();
    for (List<Drawn> round : drawn) {
      round.sort(byHash);
      chosen.addAll(round.subList(0, Math.min(round.size(), most - chosen.size())));
    }
    chosen.sort(byHash);
    return chosen;
  }

  /** So many pairs of each identity, as far as it has them, that together there are enough. */
  private int rounds(int most) {
    int rounds = 0;
    long pairs = 0;
    long added = 1;
    while (pairs < most && added > 0) {
      int reached = rounds;
      added = byIdentity.stream().filter(own -> count(own) > reached).count();
      pairs += added;
      rounds += added > 0 ? 1 : 0;
    }
    return rounds;
  }

  private static long count(List<Integer> own) {
    return (long) own.size() * (own.size() - 1) / 2;
  }

  private static List<Drawn> lowest(List<Integer> own, int most, Comparator<Drawn> order) {
    PriorityQueue<Drawn> lowest = new PriorityQueue<>(order.reversed());
    for (int i = 0; i < own.size(); i++) {
      for (int j = i + 1; j < own.size(); j++) {
        lowest.add(new Drawn(own.get(i), own.get(j)));
        if (lowest.size() > most) {
          lowest.poll();
        }
      }
    }
    List<Drawn> sorted = new ArrayList<>(lowest);
    sorted.sort(order);
    return sorted;
  }

  private long hash(Drawn pair) {
    return SeededHash.of(crops.faceHash(pair.left()), crops.faceHash(pair.right()));
  }

  /**
   * Distinct pairs that show two identities: every identity in turn with another one by chance, a
   * crop of each by chance. Fewer than wanted where the crops have hardly more.
   */
  public List<Drawn> different(int wanted) {
    Set<Drawn> seen = new HashSet<>();
    List<Drawn> drawn = new ArrayList<>();
    int identities = byIdentity.size();
    for (long draw = 0;
        identities > 1 && drawn.size() < wanted && draw < (long) PATIENCE * wanted;
        draw++) {
      int one = (int) (draw % identities);
      int other = (one + 1 + below(SeededHash.of(draw, 0), identities - 1)) % identities;
      int left = any(byIdentity.get(one), SeededHash.of(draw, 1));
      int right = any(byIdentity.get(other), SeededHash.of(draw, 2));
      Drawn pair = new Drawn(Math.min(left, right), Math.max(left, right));
      if (seen.add(pair)) {
        drawn.add(pair);
      }
    }
    return drawn;
  }

  private static int any(List<Integer> own, long hash) {
    return own.get(below(hash, own.size()));
  }

  private static int below(long hash, int bound) {
    return (int) Long.remainderUnsigned(hash, bound);
  }
}
