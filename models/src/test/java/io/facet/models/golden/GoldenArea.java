package io.facet.models.golden;

import com.google.auto.service.AutoService;

/**
 * Checker of one area of golden cases ({@code losses}, {@code heads} ...). To add one, annotate a
 * class with {@link AutoService}{@code (GoldenArea.class)}; two checkers may share an area and
 * divide its methods.
 */
public interface GoldenArea {
  /** The area, as the cases name it. */
  String area();

  /** Whether this checker knows the method, as the cases name it: {@code RKD}. */
  boolean knows(String method);

  /**
   * Checks one case.
   *
   * @throws AssertionError if a value is off or an expected error does not come
   */
  void check(GoldenCase golden) throws Exception;
}
