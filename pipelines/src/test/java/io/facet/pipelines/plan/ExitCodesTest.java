package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.train.NonFiniteLossException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.StoreErrors;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodesTest {
  @Test
  void mapsFailuresHoweverWrapped() {
    assertThat(ExitCodes.of(new RecipeException("x"))).isEqualTo(2);
    assertThat(ExitCodes.of(new IllegalStateException(new DataException("x")))).isEqualTo(3);
    assertThat(ExitCodes.of(new InfrastructureException("x"))).isEqualTo(5);
    assertThat(ExitCodes.of(new NonFiniteLossException(3, "loss = NaN", -1, List.of("f"))))
        .isEqualTo(2);
    assertThat(ExitCodes.of(new NullPointerException())).isEqualTo(1);
  }

  @Test
  void revivesFailuresThatFlinkHandsOverAsText() {
    Exception text =
        new Exception(
            "job failed",
            new Exception("io.facet.models.DataException: a.jpg: unreadable\n\tat x"));
    assertThat(ExitCodes.known(text).orElseThrow())
        .isInstanceOf(DataException.class)
        .hasMessage("a.jpg: unreadable");
  }

  @Test
  void findsAFullDiskBehindAFailedPipeline() {
    Exception failed =
        new IllegalStateException("pipeline", new IOException("No space left on device"));
    assertThat(StoreErrors.diskTrouble(failed).orElseThrow())
        .hasMessageContaining("the disk is full; free some space");
    assertThat(StoreErrors.diskTrouble(new IOException("Connection reset"))).isEmpty();
  }
}
