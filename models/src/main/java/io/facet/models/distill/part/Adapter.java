package io.facet.models.distill.part;

import io.facet.models.option.Description;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The option {@code adapter} of a method that compares embeddings. */
@Description(
    value = "trained linear map of the student's embedding to the teacher's",
    defaultValue = "{}")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Adapter {}
