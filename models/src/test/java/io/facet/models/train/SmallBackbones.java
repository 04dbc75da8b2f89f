package io.facet.models.train;

import io.facet.models.backbone.Backbone;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import java.util.List;

/** Every kind of backbone, as small as it gets, for crops of 112x112. */
final class SmallBackbones {
  private SmallBackbones() {}

  /** Key and options of each: {@code vit: {dim: 16}}. */
  static List<String> all() {
    return List.of(
        "mobilefacenet: {width: 0.25}",
        "iresnet: {depth: 18, width: 0.125}",
        "edgenext: {}",
        "vit: {dim: 16, depth: 2, heads: 2, patch: 16}",
        "swin: {dim: 8, depths: [2, 2], heads: [1, 2]}");
  }

  /** A training of one of them on eight patterns of four people. */
  static TrainingSetup setup(String backbone, String options) {
    int colon = backbone.indexOf(':');
    return TrainingSetup.of(
        Backbone.create(
            RecordBinder.select(
                Backbone.class,
                backbone.substring(0, colon),
                Yaml.json(backbone.substring(colon + 1)))),
        Preprocessing.STANDARD,
        new TinyFaces(4, 2, 112),
        TinyOptions.of(options),
        3);
  }
}
