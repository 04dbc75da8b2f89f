package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.facet.models.FakeDevice;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.Torch;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.data.TrainingSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Checkpoints of a head of many classes, of which each step trains some, beside training. */
class SampledCheckpointTest {
  private static final int EVERY = 10;
  private static final int STEPS = 3 * EVERY;

  private final NDManager manager = Torch.newManager();

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Faces of four of very many people: three pieces of each table. */
  private record ManyPeople(TrainingSet faces) implements TrainingSet {
    @Override
    public int size() {
      return faces.size();
    }

    @Override
    public int classes() {
      return 40_000;
    }

    @Override
    public int label(int index) {
      return faces.label(index) * 9_999;
    }

    @Override
    public String faceId(int index) {
      return faces.faceId(index);
    }

    @Override
    public Pixels crop(int index) {
      return faces.crop(index);
    }
  }

  /** Thirty steps, their checkpoints, and who waits for which of them. */
  private class Run implements CheckpointStore {
    final NavigableMap<Long, byte[]> saved = new ConcurrentSkipListMap<>();
    final List<Integer> arrays = new ArrayList<>();
    Device device = Device.cpu();
    private final List<CountDownLatch> done = latches();
    private final List<CountDownLatch> written = latches();

    private static List<CountDownLatch> latches() {
      return IntStream.rangeClosed(0, STEPS).mapToObj(i -> new CountDownLatch(1)).toList();
    }

    static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    TrainingResult train() throws Exception {
      return TrainingRun.run(
          TrainingSetup.of(
                  new TinyStudent(16),
                  TinyStudent.PREPROCESSING,
                  new ManyPeople(new TinyFaces(4, 6)),
                  TinyOptions.of(
                      "{epochs: 10, batchSize: 8, logEvery: 1000, checkpointEvery: %d, learningRate: 0.01, identitySampleRate: 0.3}"
                          .formatted(EVERY)),
                  3)
              .method(TinyRun.method("feature-consistency", "{}"))
              .teacher(new CountingTeacher(TinyTeacher.plain(manager), this::step))
              .checkpoints(this)
              .device(device));
    }

    /** In the thread that trains, between two steps. */
    private void step(NDManager root) {
      int before = arrays.size();
      arrays.add(root.getManagedArrays().size());
      done.get(before).countDown();
      between(before);
    }

    void between(int steps) {}

    /** In the thread that saves, when so much of a checkpoint has been written. */
    void wrote(long step, int megabytes) throws IOException {}

    @Override
    public void save(long step, Content checkpoint) throws IOException {
      wrote(step, 0); // before the first rows are read
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      checkpoint.writeTo(
          new FilterOutputStream(bytes) {
            @Override
            public void write(byte[] from, int first, int count) throws IOException {
              wrote(step, bytes.size() >> 20);
              bytes.write(from, first, count);
            }
          });
      saved.put(step, bytes.toByteArray());
      written.get((int) step).countDown();
    }

    @Override
    public Optional<Saved> latest() {
      return Optional.ofNullable(saved.lastEntry())
          .map(last -> new Saved(last.getKey(), () -> new ByteArrayInputStream(last.getValue())));
    }
  }

  /** Training goes on only when a checkpoint is saved. */
  private final class Halting extends Run {
    @Override
    void between(int steps) {
      if (steps > 0 && steps % EVERY == 0) {
        await(super.written.get(steps));
      }
    }
  }

  /** One more step is done with each megabyte of a checkpoint. */
  private class Beside extends Run {
    @Override
    void wrote(long step, int megabytes) throws IOException {
      int last = Math.min(EVERY - 1, 1 + megabytes); // there training waits for the checkpoint
      await(super.done.get((int) Math.min(STEPS - 1, step + last)));
    }
  }

  @Test
  void theBytesAreThoseOfACheckpointForWhichTrainingHalts() throws Exception {
    Run halting = new Halting();
    Run beside = new Beside();

    TrainingResult expected = halting.train();
    TrainingResult result = beside.train();

    for (long step : new long[] {EVERY, 2 * EVERY}) {
      assertThat(beside.saved.get(step)).hasSizeGreaterThan(5 << 20);
      assertThat(beside.saved.get(step)).isEqualTo(halting.saved.get(step));
    }
    ResumeProof.assertSameBits(result.student(), expected.student());
    assertThat(result.classifier().orElseThrow()).isEqualTo(expected.classifier().orElseThrow());
  }

  @Test
  @Tag(FakeDevice.TAG)
  @EnabledIfEnvironmentVariable(named = FakeDevice.LIBRARY, matches = ".+")
  void theSameHoldsOnAnotherDevice() throws Exception {
    Run halting = new Halting();
    Run beside = new Beside();
    halting.device = FakeDevice.DEVICE;
    beside.device = FakeDevice.DEVICE;

    halting.train();
    beside.train();

    for (long step : new long[] {EVERY, 2 * EVERY}) {
      assertThat(beside.saved.get(step)).isEqualTo(halting.saved.get(step));
    }
  }

  @Test
  void aRunResumedFromOneGivesTheBitsOfTheUndisturbedOne() throws Exception {
    Run beside = new Beside();
    TrainingResult expected = beside.train();
    Run rest = new Run();
    rest.saved.put((long) EVERY, beside.saved.get((long) EVERY));

    TrainingResult resumed = rest.train();

    assertThat(rest.arrays).hasSize(STEPS - EVERY);
    ResumeProof.assertSameBits(resumed.student(), expected.student());
    assertThat(resumed.classifier().orElseThrow()).isEqualTo(expected.classifier().orElseThrow());
  }

  @Test
  void copiesAreGoneOnceItIsSaved() throws Exception {
    Run beside = new Beside();

    beside.train();

    // Entries stand for the steps done before; a save lasts at least until two more are.
    int calm = beside.arrays.get(EVERY - 1);
    assertThat(beside.arrays.get(EVERY)).as("the snapshot alone").isEqualTo(calm);
    assertThat(beside.arrays.get(EVERY + 1)).as("with copies").isGreaterThan(calm);
    assertThat(beside.arrays.get(2 * EVERY)).as("saved, the next begun").isEqualTo(calm);
  }

  @Test
  void aFailureEndsTrainingAtTheNextCheckpointAtTheLatest() {
    Run failing =
        new Beside() {
          @Override
          void wrote(long step, int megabytes) throws IOException {
            super.wrote(step, megabytes);
            if (step == 2 * EVERY && megabytes == 4) {
              throw new IOException("no space left");
            }
          }
        };
    assertThatThrownBy(failing::train).isInstanceOf(IOException.class).hasMessage("no space left");
    assertThat(failing.arrays).hasSizeBetween(2 * EVERY + 5, STEPS);
    assertThat(failing.saved).containsOnlyKeys((long) EVERY);
  }
}
