package io.facet.models.option;

/**
 * Something a recipe can choose by key: a method, backbone, head, source or detector.
 *
 * <p>Implementations are found by {@link java.util.ServiceLoader} ({@code @AutoService} writes the
 * entry), so adding one is adding one file. They hold no state.
 *
 * @param <O> the record of options; every component carries a {@link Description}
 */
public interface Extension<O extends Record> {
  /** The YAML key: lower case, words joined by hyphens, such as {@code feature-consistency}. */
  String key();

  /** Raised whenever the same options give other results; part of every fingerprint. */
  int version();

  /** The record the options in the recipe are bound to. */
  Class<O> optionsType();

  /** One sentence for {@code facet methods} and the reference page. */
  String summary();

  /**
   * Where the algorithm comes from: a citation, or text that starts with {@code reconstructed} when
   * no primary source could be read.
   */
  default String source() {
    return "";
  }
}
