package io.facet.models.option;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;

/**
 * Something a recipe can choose by key: a method, backbone, head, source or detector.
 *
 * <p>Implementations are found by {@link java.util.ServiceLoader} ({@code @AutoService} writes the
 * entry), so adding one is adding one file. They carry {@link Named}, implement their kind directly
 * ({@code implements DistillationMethod<Options>}) and hold no state.
 *
 * @param <O> the record of options; every component carries a {@link Description}
 */
public interface Extension<O extends Record> {
  /** The YAML key. */
  default String key() {
    return named().key();
  }

  /** Version of its results. */
  default int version() {
    return named().version();
  }

  /** One sentence about it. */
  default String summary() {
    return named().summary();
  }

  /** Where the algorithm comes from; empty: nothing to cite. */
  default String source() {
    return named().source();
  }

  /** How the command line spells it; empty: recipes alone name it. */
  default Optional<CommandLineForm> commandLineForm() {
    return Optional.empty();
  }

  /** The record the options in the recipe are bound to. */
  @SuppressWarnings("unchecked") // the kind's own parameter
  default Class<O> optionsType() {
    for (Type kind : getClass().getGenericInterfaces()) {
      if (kind instanceof ParameterizedType chosen
          && Extension.class.isAssignableFrom((Class<?>) chosen.getRawType())
          && chosen.getActualTypeArguments()[0] instanceof Class<?> options) {
        return (Class<O>) options;
      }
    }
    throw new IllegalStateException(
        getClass().getName() + " does not implement its kind with a record of options");
  }

  private Named named() {
    Named named = getClass().getAnnotation(Named.class);
    if (named == null) {
      throw new IllegalStateException(
          getClass().getName() + " has no @Named with its key, version and summary");
    }
    return named;
  }
}
