package io.facet.models.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record for whose mapping a single value may stand, that of its first component: {@code
 * 0.1} for {@code {base: 0.1}}. All other components need a default. It is written the same way.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {}
