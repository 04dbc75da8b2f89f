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

  /** Levenshtein distance: insertions, deletions and substitutions. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
