package io.facet.pipelines;

import java.util.SortedSet;
import java.util.TreeSet;

/** The first of many names in alphabetical order, for a message: {@code a.jpg, b.jpg, ...}. */
public final class FirstNames {
  private final int shown;
  private final SortedSet<String> names = new TreeSet<>();
  private long count;

  /** An empty list that shows at most so many names. */
  public FirstNames(int shown) {
    this.shown = shown;
  }

  /** The first of these. */
  public static FirstNames of(Iterable<String> names, int shown) {
    FirstNames first = new FirstNames(shown);
    names.forEach(first::add);
    return first;
  }

  /** Counts a name, and keeps it if it is one of the first. */
  public void add(String name) {
    count++;
    names.add(name);
    if (names.size() > shown) {
      names.remove(names.last());
    }
  }

  /** How many were added. */
  public long count() {
    return count;
  }

  @Override
  public String toString() {
    return String.join(", ", names) + (count > names.size() ? ", ..." : "");
  }
}
