package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.DataException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailureTextTest {
  @Test
  void anUnforeseenFailureNamesTheCauseAtItsBottom() {
    Exception failure =
        new IllegalStateException(
            "Pipeline execution failed",
            new RuntimeException(
                "Job execution failed.", new TimeoutException("heartbeat timed out\n\tat x")));

    assertThat(FailureText.of(failure))
        .isEqualTo("Pipeline execution failed: TimeoutException: heartbeat timed out");
  }

  @Test
  void aFailureThatSaysWhatToDoStaysAsItIs() {
    assertThat(FailureText.of(new DataException("a.jpg: missing", new IOException("no such file"))))
        .isEqualTo("a.jpg: missing");
  }

  @Test
  void aCauseThatTheMessageHoldsIsNotRepeated() {
    assertThat(FailureText.of(new IllegalStateException(new ArithmeticException("/ by zero"))))
        .isEqualTo("ArithmeticException: / by zero");
    assertThat(FailureText.of(new NullPointerException()))
        .isEqualTo("java.lang.NullPointerException");
  }
}
