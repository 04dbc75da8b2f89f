package io.facet.models.quantise;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.onnx.Quantisation.Range;
import io.facet.models.tensor.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MovingRangesTest {
  private final NDManager manager = Torch.newManager();

  @AfterEach
  void free() {
    manager.close();
  }

  private Range shown(MovingRanges ranges, float low, float high) {
    Range range = ranges.follow("x", manager.create(new float[][] {{low, 0, high}}));
    ranges.endBatch();
    return range;
  }

  @Test
  void aRangeIsTheMeanOfTheFirstBatchesThenAMovingMeanThenFixed() {
    MovingRanges ranges = new MovingRanges(new QuantisationOptions(7, 60, 100));
    assertThat(shown(ranges, -1, 2)).isEqualTo(new Range(-1, 2));
    assertThat(shown(ranges, -3, 4)).isEqualTo(new Range(-2, 3));
    for (int batch = 2; batch < 50; batch++) {
      shown(ranges, -2, 3);
    }
    assertThat(shown(ranges, -2, 103)).isEqualTo(new Range(-2, 5));
    for (int batch = 51; batch < 60; batch++) {
      shown(ranges, -2, 5);
    }
    assertThat(shown(ranges, -100, 100)).isEqualTo(new Range(-2, 5));
  }

  @Test
  void aRangeGoesOnWhereItWasSaved() {
    MovingRanges ranges = new MovingRanges(new QuantisationOptions(7, 60, 100));
    shown(ranges, -1, 2);
    MovingRanges resumed = new MovingRanges(new QuantisationOptions(7, 60, 100));
    assertThat(resumed.isEmpty()).isTrue();
    resumed.restore(ranges.state());
    assertThat(resumed.isEmpty()).isFalse();
    assertThat(shown(resumed, -3, 4)).isEqualTo(new Range(-2, 3));
  }
}
