package io.facet.models.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents one component of an options or recipe record. The JSON schema, {@code facet methods}
 * and the error messages are generated from it. An annotation that carries it stands for it, where
 * several records have the same option.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.ANNOTATION_TYPE})
public @interface Description {
  /** What the option means, in one sentence, with its unit. */
  String value();

  /**
   * Allowed numbers as an interval, {@code "(0, 1]"} or {@code "[1, inf)"}; empty: any value of the
   * type.
   */
  String range() default "";

  /**
   * The default as YAML text ({@code "0.5"}, {@code "[1, 2]"}, {@code "{arcface: {}}"}); {@link
   * #REQUIRED}: the user must give it; {@link #ABSENT}: an {@code Optional} that is empty.
   */
  String defaultValue() default REQUIRED;

  /** Where the value or formula comes from: paper and equation, {@code reconstructed}, or empty. */
  String source() default "";

  /**
   * Whether the value can change results. Not so: a path (the file's content stands in the
   * fingerprint by itself), an inference thread count, a logging interval. Such options stay out of
   * fingerprints.
   */
  boolean affectsResult() default true;

  /** The name it had in earlier versions, refused with the one of today; empty: it had no other. */
  String formerly() default "";

  /** Marks an option the user must give. */
  String REQUIRED = "\u0000required";

  /** Marks an {@code Optional} option that is empty unless given. */
  String ABSENT = "\u0000absent";
}
