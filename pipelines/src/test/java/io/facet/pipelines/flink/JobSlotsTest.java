package io.facet.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobSlotsTest {
  private static PipelineOptions options(String master, int tasks) {
    FlinkPipelineOptions options = PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster(master);
    options.setParallelism(tasks);
    return options;
  }

  @Test
  void aSecondJobOfSeveralSlotsWaitsForTheFirst() throws Exception {
    AtomicReference<Thread> second = new AtomicReference<>();
    CompletableFuture<Void> ended;
    try (JobSlots first = JobSlots.take(options("one:8081", 2))) {
      ended =
          CompletableFuture.runAsync(
              () -> {
                second.set(Thread.currentThread());
                try (JobSlots slots = JobSlots.take(options("one:8081", 2))) {
                  assertThat(slots).isNotSameAs(first);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> second.get() != null && second.get().getState() == Thread.State.WAITING);
      assertThat(ended).isNotDone();
    }
    ended.get();
  }

  @Test
  void jobsOfOneSlotOtherClustersAndThisProcessDoNotWait() throws Exception {
    try (JobSlots first = JobSlots.take(options("two:8081", 2));
        JobSlots training = JobSlots.take(options("two:8081", 1));
        JobSlots elsewhere = JobSlots.take(options("three:8081", 2));
        JobSlots here = JobSlots.take(options("[local]", 2));
        JobSlots again = JobSlots.take(options("[local]", 2))) {
      assertThat(new JobSlots[] {first, training, elsewhere, here, again}).doesNotHaveDuplicates();
    }
  }
}
