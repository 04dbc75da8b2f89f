package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.tensor.LayerSequence;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A forward pass through layers of images, in as few calls as the taps allow that were asked for;
 * what lies between is freed at once.
 */
final class TappedSequence {
  private final NDArray origin;
  private final KeptTaps kept;
  private final boolean training;
  private LayerSequence steps;
  private NDArray x;

  /**
   * Starts with images that the caller keeps.
   *
   * @param taps asked for
   */
  TappedSequence(NDArray images, Set<String> taps, boolean training) {
    origin = images;
    x = images;
    kept = new KeptTaps(taps);
    this.training = training;
    steps = new LayerSequence(training);
  }

  /** Where the next layers are added. */
  LayerSequence steps() {
    return steps;
  }

  /** Adds a layer. */
  TappedSequence then(ImageLayer layer) {
    layer.addTo(steps);
    return this;
  }

  /** Applies a function that is no layer. */
  void then(UnaryOperator<NDArray> function) {
    run();
    move(function.apply(x));
  }

  /** Names what the layers so far give. */
  TappedSequence tap(String name) {
    if (kept.wants(name)) {
      run();
      kept.offer(name, x);
    }
    return this;
  }

  /** The taps and, as embedding, what the last layer gives. */
  Features end() {
    run();
    return kept.features(x);
  }

  private void run() {
    if (!steps.isEmpty()) {
      move(steps.run(x));
      steps = new LayerSequence(training);
    }
  }

  private void move(NDArray next) {
    if (x != origin && x != next) {
      kept.release(x);
    }
    x = next;
  }
}
