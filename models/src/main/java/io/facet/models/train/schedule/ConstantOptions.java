package io.facet.models.train.schedule;

/** {@link Constant} has no options. */
public record ConstantOptions() {}
