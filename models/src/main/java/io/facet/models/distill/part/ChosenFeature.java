package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.backbone.Features;
import java.util.Set;

/** What an option names of a network's outputs: {@code embedding} or a tap. */
public final class ChosenFeature {
  private static final String EMBEDDING = "embedding";

  private ChosenFeature() {}

  /** The taps needed for it. */
  public static Set<String> taps(String name) {
    return name.equals(EMBEDDING) ? Set.of() : Set.of(name);
  }

  /** Its values as {@code (B, n)}. */
  public static NDArray flat(Features features, String name) {
    NDArray value = name.equals(EMBEDDING) ? features.embedding() : features.tap(name);
    return value.reshape(value.getShape().get(0), -1);
  }
}
