package io.facet.transforms.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.option.Description;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.testing.Pipelines;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.testing.PAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunUnitTest {
  @TempDir private Path folder;

  /** A job for the tests' units. */
  public record CountJob(
      @Description("Steps.") int steps, @Description("Step at which it fails.") int failAt) {}

  /** Adds its step numbers up, with a checkpoint after each, and fails where it is told to. */
  public static final class CountUnit implements Unit<CountJob> {
    @Override
    public Class<CountJob> jobType() {
      return CountJob.class;
    }

    @Override
    public void run(CountJob job, AttemptFolder attempt) throws Exception {
      CheckpointStore checkpoints = attempt.checkpoints("count");
      CheckpointStore.Saved last =
          checkpoints
              .latest()
              .orElse(new CheckpointStore.Saved(0, () -> new ByteArrayInputStream(new byte[4])));
      int sum;
      try (DataInputStream in = new DataInputStream(last.source().open())) {
        sum = in.readInt();
      }
      for (int step = (int) last.step() + 1; step <= job.steps(); step++) {
        if (step == job.failAt() && last.step() == 0) {
          throw new IllegalStateException("failed at step " + step);
        }
        sum += step;
        int soFar = sum;
        checkpoints.save(step, out -> new DataOutputStream(out).writeInt(soFar));
        attempt.appendProgress(step, ("step " + step).getBytes(StandardCharsets.UTF_8));
      }
      attempt.put("sum", Integer.toString(sum).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Notes how many of its kind run at once. */
  public static final class CrowdUnit implements Unit<CountJob> {
    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static final AtomicInteger MOST = new AtomicInteger();

    @Override
    public Class<CountJob> jobType() {
      return CountJob.class;
    }

    @Override
    public void run(CountJob job, AttemptFolder attempt) throws Exception {
      MOST.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
      for (int i = 0; i < 20; i++) {
        attempt.put("work", new byte[100_000]);
      }
      RUNNING.decrementAndGet();
    }
  }

  private void run(CountJob job) {
    Pipelines.run(
        pipeline ->
            PAssert.that(pipeline.apply(RunUnit.of(CountUnit.class, job, folder.toString())))
                .containsInAnyOrder(folder.toString()));
  }

  @Test
  void theUnitLeavesItsResultsInTheAttemptFolder() throws Exception {
    run(new CountJob(4, 0));
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    assertThat(attempt.get("sum")).asString().isEqualTo("10");
    assertThat(attempt.progressAfter(-1)).hasSize(4);
  }

  @Test
  void aRetriedUnitGoesOnFromItsCheckpoint() throws Exception {
    assertThatThrownBy(() -> run(new CountJob(6, 4))).hasStackTraceContaining("failed at step 4");
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    assertThat(attempt.contains("sum")).isFalse();
    assertThat(attempt.checkpoints("count").latest().orElseThrow().step()).isEqualTo(3);
    run(new CountJob(6, 4));
    assertThat(attempt.get("sum")).asString().isEqualTo("21");
    assertThat(attempt.progressAfter(-1)).hasSize(6);
  }

  @Test
  void oneUnitAtATimeRunsInAJvm() {
    Pipelines.run(
        pipeline -> {
          for (int i = 0; i < 4; i++) {
            pipeline.apply(
                "Unit" + i,
                RunUnit.of(
                    CrowdUnit.class, new CountJob(1, 0), folder.resolve("attempt" + i).toString()));
          }
        });
    assertThat(CrowdUnit.MOST).hasValue(1);
    assertThat(CrowdUnit.RUNNING).hasValue(0);
  }
}
