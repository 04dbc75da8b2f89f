package io.facet.models.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a recipe calls an {@link Extension}, and what its users read about it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Named {
  /** The YAML key: lower case, words joined by hyphens, such as {@code feature-consistency}. */
  String key();

  /** Raised whenever the same options give other results; part of every fingerprint. */
  int version();

  /** One sentence for {@code facet methods} and the reference page. */
  String summary();

  /**
   * Where the algorithm comes from: a citation, or text that starts with {@code reconstructed} when
   * no primary source could be read.
   */
  String source() default "";
}
