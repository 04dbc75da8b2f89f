package io.facet.models.distill.part;

import io.facet.models.option.Description;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The option {@code identityWeight} of a method whose source gives no other value for it. */
@Description(
    value = "weight of the identity term beside it; 0 trains without it",
    range = "[0, inf)",
    defaultValue = "1")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface IdentityWeight {}
