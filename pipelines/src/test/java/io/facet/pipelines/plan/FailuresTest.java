package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.InvalidPathException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(new DataException("a.jpg: unreadable"), 3, "a.jpg: unreadable"),
        Arguments.of(
            new DataException("s3://a/b: cannot be read: refused", new ConnectException("refused")),
            5,
            "s3://a/b: cannot be read: refused; run again when it can be"),
        Arguments.of(new FileNotFoundException("/b.jpg"), 3, "a file is not there: /b.jpg"),
        Arguments.of(
            new UncheckedIOException(
                "run.json: the summary cannot be written", new IOException("x")),
            5,
            "run.json: the summary cannot be written: IOException: x"),
        Arguments.of(new ConnectException("refused"), 5, "a server cannot be reached: refused"),
        Arguments.of(new UnsatisfiedLinkError("no torch"), 5, "a library is missing"),
        Arguments.of(
            new IllegalStateException("CUDA out of memory. Tried"),
            2,
            "choose a smaller batchSize"),
        Arguments.of(new InvalidPathException("a\0", "Nul"), 2, "correct the path"),
        Arguments.of(
            new IllegalArgumentException("No filesystem found for scheme s3"),
            2,
            "add Beam's module for it"),
        Arguments.of(
            new Exception("Heartbeat of TaskManager with id 1 timed out."),
            5,
            "a worker did not answer"),
        Arguments.of(new IllegalStateException("five faces of four"), 1, "five faces of four"));
  }

  /** As Flink's cluster and the embedded one hand them over, and as they are. */
  @ParameterizedTest
  @MethodSource("kinds")
  void aFailureIsTheSameHoweverItIsWrapped(Throwable failure, int exitCode, String text) {
    Throwable wrapped =
        new RuntimeException(
            "Pipeline execution failed", new Exception("Job execution failed.", failure));
    for (Throwable given :
        new Throwable[] {failure, wrapped, serialized(wrapped), serialized(failure)}) {
      assertThat(FailureText.of(given)).contains(text).doesNotContain("SerializedThrowable");
      assertThat(ExitCodes.of(given)).as(FailureText.of(given)).isEqualTo(exitCode);
    }
  }

  @Test
  void whatSaysWhatToDoIsShownItself() {
    RecipeException cause = new RecipeException("x: must be at least 1");
    assertThat(Failures.shown(new IllegalStateException(new IOException(cause)))).isSameAs(cause);
    assertThat(Failures.shown(new IOException("No space left on device")))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("the disk is full");
  }

  @Test
  void aStopIsNoFailure() {
    CancellationException stopped = new CancellationException("stopped");
    stopped.initCause(new IOException("closed by interrupt"));
    assertThat(Failures.shown(stopped)).isSameAs(stopped);
    assertThat(FailureText.of(stopped)).isEqualTo("stopped");
  }

  private static Throwable serialized(Throwable failure) {
    return new RuntimeException("Job execution failed.", new SerializedThrowable(failure));
  }
}
