package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.facet.models.DataException;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails in a worker is told in one line with its cause, whatever runner wrapped it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WorkerFailureTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void theCauseIsToldInOneLine(String runner) {
    assertAllTold(RunnerOptions.local(runner, 1));
  }

  @Test
  void aClusterTellsTheSame() throws Exception {
    try (FlinkForTests flink = FlinkForTests.start(folder)) {
      assertAllTold(RunnerOptions.of("FlinkRunner", flink.master(), Optional.of(1)));
    }
  }

  private static void assertAllTold(RunnerOptions runner) {
    assertTold(runner, 0, ExitCodes.DATA, "a.jpg: unreadable");
    assertTold(runner, 1, ExitCodes.DATA, "a file is not there: ");
    assertTold(runner, 1, ExitCodes.DATA, "/data/b.jpg");
    assertTold(runner, 2, ExitCodes.INFRASTRUCTURE, "the disk is full; free some space");
    assertTold(runner, 3, ExitCodes.INFRASTRUCTURE, "Connection reset by peer");
    assertTold(runner, 4, ExitCodes.INFRASTRUCTURE, "out of memory: ");
    assertTold(runner, 5, ExitCodes.BUG, "IllegalStateException: five faces of four");
  }

  private static void assertTold(RunnerOptions runner, int kind, int exitCode, String text) {
    Throwable failure = catchThrowable(() -> run(runner, kind));
    assertThat(failure).as("%s %d", runner, kind).isNotNull();
    assertThat(FailureText.of(failure))
        .as("%s %d", runner, kind)
        .contains(text)
        .doesNotContain("\n");
    assertThat(ExitCodes.of(failure)).as(FailureText.of(failure)).isEqualTo(exitCode);
  }

  private static void run(RunnerOptions runner, int kind) {
    Pipeline pipeline = Pipeline.create(runner.create());
    pipeline
        .apply(Create.of(kind).withCoder(VarIntCoder.of()))
        .apply(ParDo.of(new FailingFn()))
        .setCoder(VarIntCoder.of());
    pipeline.run().waitUntilFinish();
  }

  private static final class FailingFn extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Integer kind) throws IOException {
      switch (kind) {
        case 0 -> throw new DataException("a.jpg: unreadable");
        case 1 -> throw new NoSuchFileException("/data/b.jpg");
        case 2 -> throw new IllegalStateException(new IOException("No space left on device"));
        case 3 -> throw new IOException("Connection reset by peer");
        case 4 -> throw new IllegalStateException(new OutOfMemoryError("Java heap space"));
        default -> throw new IllegalStateException("five faces of four");
      }
    }
  }
}
