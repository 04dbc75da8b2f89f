package io.facet.transforms.row;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A column of text or bytes whose values trainings read where they lie in a data file. Files of
 * such a table are not compressed, and beside each such column of bytes they have another, {@code
 * NAME_bytes}, with the sizes.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface InPlace {}
