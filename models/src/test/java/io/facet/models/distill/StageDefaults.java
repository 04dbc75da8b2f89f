package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.backbone.Backbone;
import io.facet.models.option.Extensions;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.util.Set;

/** What methods with branches on the student's stages share. */
public final class StageDefaults {
  private StageDefaults() {}

  /** Without options the method reads four taps, which every backbone offers as it comes. */
  public static void assertServedByEveryBackbone(String method) {
    Selected<DistillationMethod<?>> bare =
        RecordBinder.select(DistillationMethod.class, method, "{}");
    Set<String> taps = ChosenMethod.of(bare).needs().studentTaps();

    assertThat(taps).hasSize(4);
    assertThat(Extensions.keys(Backbone.class)).isNotEmpty();
    for (String key : Extensions.keys(Backbone.class)) {
      Selected<Backbone<?>> backbone = RecordBinder.select(Backbone.class, key, "{}");
      assertThat(Backbone.create(backbone).taps())
          .as(key)
          .containsKeys(taps.toArray(String[]::new));
    }
  }
}
