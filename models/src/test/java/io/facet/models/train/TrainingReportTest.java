package io.facet.models.train;

import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.Torch;
import io.facet.models.train.checkpoint.CheckpointClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a training tells its listener. */
class TrainingReportTest {
  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @Test
  void everyEpochIsValidated() throws Exception {
    RecordedHistory history = new RecordedHistory();

    TrainingRun.run(setup("").validation(TinyRun::spread).listener(history));

    List<Double> spreads = history.values("validation/spread");
    assertThat(spreads)
        .hasSize(4)
        .doesNotHaveDuplicates()
        .allSatisfy(s -> assertThat(s).isPositive());
  }

  @Test
  void historyHasEveryTermTheRateAndTheSpeed() throws Exception {
    List<String> names = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TrainingRun.run(
          setup("cakd", manager)
              .teacherClassifier(new float[4 * 16])
              .listener(
                  new TrainingListener() {
                    @Override
                    public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                      points.forEach(point -> names.add(point.name()));
                    }

                    @Override
                    public void warned(long step, String message) {}
                  })
              .options(
                  TinyOptions.of("{epochs: 1, batchSize: 8, logEvery: 3, learningRate: 0.01}")));
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "loss/identity",
            "loss/attention",
            "loss/local",
            "loss/reconstruction",
            "loss/teacher_identity",
            "loss/total",
            "grad_norm",
            "grad_norm/head",
            "grad_norm/adapters",
            "grad_norm/prompts",
            "lr",
            "images_per_second");
  }

  @Test
  void aCheckpointIsToldOnceItIsSavedAndAfterTheHistoryOfItsStep() throws Exception {
    List<String> heard = new ArrayList<>();
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingRun.run(
        setup("{epochs: 4, batchSize: 8, maxSteps: 4, logEvery: 2, checkpointEvery: 3}")
            .checkpoints(store)
            .listener(
                new TrainingListener() {
                  @Override
                  public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                    heard.add("logged " + step);
                  }

                  @Override
                  public void warned(long step, String message) {}

                  @Override
                  public void checkpointed(long step) {
                    assertThat(store.latest().orElseThrow().step()).isEqualTo(step);
                    heard.add("saved " + step);
                  }
                }));
    assertThat(heard).containsExactly("logged 2", "saved 3", "logged 4", "saved 4");
  }

  /** Three steps an epoch; the checkpoint of the first epoch is saved when the second is over. */
  @Test
  void whatIsToldWaitsForACheckpointAndTrainingDoesNot() throws Exception {
    List<String> heard = new ArrayList<>();
    CountDownLatch twoEpochs = new CountDownLatch(1);
    MemoryCheckpoints store =
        new MemoryCheckpoints() {
          @Override
          public void save(long step, Content checkpoint) throws IOException {
            try {
              assertThat(twoEpochs.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.save(step, checkpoint);
          }
        };
    TrainingRun.run(
        setup("{epochs: 2, batchSize: 8, logEvery: 1, checkpointEvery: 3}")
            .checkpoints(store)
            .validation(
                (epoch, student) -> {
                  if (epoch == 2) {
                    assertThat(heard).containsExactly("logged 1", "logged 2", "logged 3");
                    twoEpochs.countDown();
                  }
                  return Map.of();
                })
            .listener(heard(heard)));
    assertThat(heard)
        .containsExactly(
            "logged 1",
            "logged 2",
            "logged 3",
            "saved 3",
            "logged 4",
            "logged 5",
            "logged 6",
            "saved 6");
  }

  private static TrainingListener heard(List<String> heard) {
    return new TrainingListener() {
      @Override
      public void logged(long step, long totalSteps, List<HistoryPoint> points) {
        heard.add("logged " + step);
      }

      @Override
      public void warned(long step, String message) {
        heard.add("warned " + step);
      }

      @Override
      public void checkpointed(long step) {
        heard.add("saved " + step);
      }
    };
  }

  @Test
  void aCheckpointIsAlsoSavedWhenItsTimeHasCome() throws Exception {
    List<Long> saved = new ArrayList<>();
    TrainingRun.run(
        setup("{epochs: 4, batchSize: 8, maxSteps: 3, checkpointMinutes: 1.0e-9}")
            .checkpoints(new MemoryCheckpoints())
            .listener(
                new TrainingListener() {
                  @Override
                  public void logged(long step, long totalSteps, List<HistoryPoint> points) {}

                  @Override
                  public void warned(long step, String message) {}

                  @Override
                  public void checkpointed(long step) {
                    saved.add(step);
                  }
                }));
    assertThat(saved).containsExactly(1L, 2L, 3L);
  }

  @Test
  void theClockOfCheckpointsBeginsAnewAtEachOne() {
    AtomicLong now = new AtomicLong();
    CheckpointClock clock = CheckpointClock.start(5, now::get);
    now.set(TimeUnit.MINUTES.toNanos(5) - 1);
    assertThat(clock.due()).isFalse();
    now.incrementAndGet();
    assertThat(clock.due()).isTrue();
    clock.saved();
    assertThat(clock.due()).isFalse();
    now.addAndGet(TimeUnit.MINUTES.toNanos(5));
    assertThat(clock.due()).isTrue();
  }
}
