package io.facet.models.option;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Nearest spellings for error messages. */
public final class Spelling {
  private Spelling() {}

  /** {@code " (did you mean 'x'?)"} when a candidate is near enough, else an empty text. */
  public static String didYouMean(String word, Collection<String> candidates) {
    return nearest(word, candidates).map(near -> " (did you mean '" + near + "'?)").orElse("");
  }

  /** The candidate with the fewest different letters, if it is near enough to be meant. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    String best = null;
    int bestDistance = (word.length() < 4 ? 1 : Math.max(2, word.length() / 3)) + 1;
    for (String candidate : candidates) {
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best == null ? begun(word, candidates) : Optional.of(best);
  }

  /** {@code batch} for {@code batchSize}. */
  private static Optional<String> begun(String word, Collection<String> candidates) {
    String lower = word.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(
            candidate -> {
              String other = candidate.toLowerCase(Locale.ROOT);
              return Math.min(lower.length(), other.length()) > 2
                  && (other.startsWith(lower) || lower.startsWith(other));
            })
        .findFirst();
  }

  /** {@code FaceDetector} becomes {@code face detector}. */
  static String words(String typeName) {
    return typeName.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /**
   * Insertions, deletions, substitutions and swaps of neighbours (the optimal string alignment
   * distance).
   */
  static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : cheapest(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int cheapest(int[][] rows, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int cost = rows[i - 1][j - 1] + (same ? 0 : 1);
    cost = Math.min(cost, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(cost, rows[i - 2][j - 2] + 1) : cost;
  }
}
