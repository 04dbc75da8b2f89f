package io.facet.transforms.score;

import io.facet.models.protocol.TemplateFeatures;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateScoresRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The scored pairs of templates of one model and set, in their order: five bytes a pair.
 *
 * @param scores cosines
 * @param same whether both show one person
 * @param left template of each same pair alone
 * @param right the other template of each same pair
 */
@SuppressWarnings("ArrayRecordComponent")
record TemplateScores(float[] scores, boolean[] same, int[] left, int[] right) {

  /** Joins blocks, which may come in any order. */
  static TemplateScores of(List<TemplateScoresRow> blocks) {
    int pairs = 0;
    int samePairs = 0;
    for (TemplateScoresRow block : blocks) {
      pairs = Math.addExact(pairs, block.scores().length);
      for (byte same : block.same()) {
        samePairs += same;
      }
    }
    TemplateScores all =
        new TemplateScores(
            new float[pairs], new boolean[pairs], new int[samePairs], new int[samePairs]);
    int next = 0;
    int nextSame = 0;
    for (TemplateScoresRow block :
        blocks.stream().sorted(Comparator.comparingInt(TemplateScoresRow::first)).toList()) {
      System.arraycopy(block.scores(), 0, all.scores, next, block.scores().length);
      for (int i = 0; i < block.scores().length; i++) {
        if (block.same()[i] != 0) {
          all.same[next + i] = true;
          all.left[nextSame] = block.left()[i];
          all.right[nextSame++] = block.right()[i];
        }
      }
      next += block.scores().length;
    }
    return all;
  }

  /**
   * Scores a block.
   *
   * @param missing receives how many pairs each template without a face takes with it
   */
  static TemplateScoresRow score(
      String model, TemplatePairsRow pairs, TemplateFeatures features, Map<Integer, Long> missing) {
    int all = pairs.left().length;
    int[] left = new int[all];
    int[] right = new int[all];
    byte[] same = new byte[all];
    float[] scores = new float[all];
    int count = 0;
    for (int i = 0; i < all; i++) {
      int one = pairs.left()[i];
      int other = pairs.right()[i];
      if (features.has(one) && features.has(other)) {
        left[count] = one;
        right[count] = other;
        same[count] = pairs.same()[i];
        scores[count++] = features.score(one, other);
      } else {
        missing.merge(features.has(one) ? other : one, 1L, Long::sum);
      }
    }
    return new TemplateScoresRow(
        model,
        pairs.set(),
        pairs.first(),
        Arrays.copyOf(left, count),
        Arrays.copyOf(right, count),
        Arrays.copyOf(same, count),
        Arrays.copyOf(scores, count));
  }

  int size() {
    return scores.length;
  }

  int sameCount() {
    return left.length;
  }

  /** Which same pairs, in their order, have at least this score. */
  boolean[] accepted(double threshold) {
    boolean[] accepted = new boolean[left.length];
    int next = 0;
    for (int i = 0; i < scores.length; i++) {
      if (same[i]) {
        accepted[next++] = scores[i] >= threshold;
      }
    }
    return accepted;
  }

  /**
   * Who is on each same pair, in their order: people are the templates that same pairs join, and
   * are numbered by one of their templates.
   */
  long[] people() {
    Map<Integer, Integer> parents = new HashMap<>();
    for (int i = 0; i < left.length; i++) {
      int one = root(parents, left[i]);
      int other = root(parents, right[i]);
      parents.put(Math.max(one, other), Math.min(one, other));
    }
    return Arrays.stream(left).mapToLong(template -> root(parents, template)).toArray();
  }

  private static int root(Map<Integer, Integer> parents, int template) {
    int root = template;
    for (int parent = parents.getOrDefault(root, root);
        parent != root;
        parent = parents.getOrDefault(root, root)) {
      root = parent;
    }
    parents.put(template, root);
    return root;
  }
}
