package io.facet.models.option;

/** An extension point of the tests. */
public interface Flavour<O extends Record> extends Extension<O> {}
