package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Torch;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CollapseWatchTest {
  private static OptionalDouble see(CollapseWatch watch, float... values) {
    try (NDManager manager = Torch.newManager()) {
      return watch.collapsed("student", manager.create(values).expandDims(1));
    }
  }

  @Test
  void ringsBelowATenthOfTheFirstSpread() {
    CollapseWatch watch = new CollapseWatch();
    assertThat(see(watch, 1e-4f, 3e-4f)).isEmpty();
    assertThat(see(watch, 5, 5.000022f)).isEmpty();
    OptionalDouble share = see(watch, 5, 5.000016f);
    assertThat(share).isPresent();
    assertThat(share.getAsDouble()).isCloseTo(0.08, within(0.01));
  }

  @Test
  void theFirstSpreadOutlivesACheckpoint() {
    CollapseWatch before = new CollapseWatch();
    see(before, 1, 3);
    CollapseWatch after = new CollapseWatch();
    after.restore(before.state());
    assertThat(see(after, 1, 1.1f)).isPresent();
  }

  @Test
  void aBatchOfOneIsNoStart() {
    CollapseWatch watch = new CollapseWatch();
    assertThat(see(watch, 4)).isEmpty();
    assertThat(watch.state()).isEmpty();
    see(watch, 1, 3);
    assertThat(see(watch, 1, 1.1f)).isPresent();
  }
}
