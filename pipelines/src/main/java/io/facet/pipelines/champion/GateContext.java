package io.facet.pipelines.champion;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom a gate compares the best student with.
 *
 * @param champion the present one; empty before the first
 * @param rolledBack SHA-256 of models that people took back: the gate does not promote them again
 */
public record GateContext(Optional<Champion> champion, SortedSet<String> rolledBack) {
  public GateContext {
    rolledBack = new TreeSet<>(rolledBack);
  }
}
