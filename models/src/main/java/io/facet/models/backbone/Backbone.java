package io.facet.models.backbone;

import io.facet.models.option.Extension;
import io.facet.models.option.Selected;

/** A kind of network a recipe can name: {@code mobilefacenet}, {@code vit}, {@code edgenext}. */
public interface Backbone<O extends Record> extends Extension<O> {
  /** A new network without values yet; initialise or load it next. */
  Network create(O options);

  /** The network a recipe chose, without values yet. */
  static Network create(Selected<? extends Backbone<?>> selected) {
    return create(selected.extension(), selected.options());
  }

  private static <O extends Record> Network create(Backbone<O> backbone, Record options) {
    return backbone.create(backbone.optionsType().cast(options));
  }
}
