package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The named loss terms of one step, each a scalar with its weight; the total is their weighted sum.
 */
public final class TermLosses {
  private final Map<String, Term> terms = new LinkedHashMap<>();

  /** Adds a term; its unweighted value is logged as {@code loss/NAME}. */
  public TermLosses add(String name, double weight, NDArray value) {
    if (terms.put(name, new Term(weight, value)) != null) {
      throw new IllegalStateException("two loss terms named " + name);
    }
    return this;
  }

  /** The terms in the order they were added. */
  public Map<String, Term> terms() {
    return terms;
  }

  /** A weighted scalar. */
  public record Term(double weight, NDArray value) {}
}
