package io.facet.models.backbone;

import io.facet.models.option.Extension;

/** A kind of network a recipe can name: {@code mobilefacenet}, {@code vit}, {@code edgenext}. */
public interface Backbone<O extends Record> extends Extension<O> {
  /** A new network without values yet; initialise or load it next. */
  Network create(O options);
}
