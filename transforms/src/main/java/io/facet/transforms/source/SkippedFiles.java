package io.facet.transforms.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Files below an image folder that a listing left out. Hidden files are not told of.
 *
 * @param byReason some of their names, and how many there are
 */
public record SkippedFiles(Map<String, Some> byReason) implements Serializable {
  /** Nothing was skipped. */
  public static final SkippedFiles NONE = new SkippedFiles(Map.of());

  private static final int SHOWN = 3;

  /**
   * Files of one reason.
   *
   * @param count of all
   * @param first names, at most three
   */
  public record Some(long count, List<String> first) implements Serializable {}

  public SkippedFiles {
    byReason = new TreeMap<>(byReason);
  }

  /** Number of all of them. */
  public long count() {
    return byReason.values().stream().mapToLong(Some::count).sum();
  }

  /** {@code 3 files skipped: 2 no image (a.txt, b.txt), 1 in a thumbnail folder (...)}. */
  public String text() {
    return "%d %s skipped: %s"
        .formatted(
            count(),
            count() == 1 ? "file" : "files",
            byReason.entrySet().stream()
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static String text(String reason, Some files) {
    return "%d %s (%s%s)"
        .formatted(
            files.count(),
            reason,
            String.join(", ", files.first()),
            files.count() > files.first().size() ? ", ..." : "");
  }

  /** Counts files as they are found. */
  public static final class Counter {
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<String, List<String>> names = new TreeMap<>();

    /** One file more that was skipped. */
    public void add(String reason, String name) {
      counts.merge(reason, 1L, Long::sum);
      List<String> some = names.computeIfAbsent(reason, r -> new ArrayList<>());
      if (some.size() < SHOWN) {
        some.add(name);
      }
    }

    /** All that were counted. */
    public SkippedFiles files() {
      Map<String, Some> byReason = new TreeMap<>();
      counts.forEach(
          (reason, count) -> byReason.put(reason, new Some(count, List.copyOf(names.get(reason)))));
      return new SkippedFiles(byReason);
    }
  }
}
