package io.facet.models.train;

import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.train.sampler.SampleOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Decodes batches ahead of training on one thread, a bounded number of them. */
final class BatchLoader implements AutoCloseable {
  private static final int AHEAD = 2;
  private static final long FLIP = SeededHash.of("flip");

  private final TrainingSet set;
  private final SampleOrder order;
  private final long seed;
  private final boolean flip;
  private final Preprocessing student;
  private final Optional<Preprocessing> teacher;
  private final BlockingQueue<Loaded> queue = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  /** A batch, or what went wrong instead. */
  private record Loaded(Batch batch, Throwable fault) {}

  /**
   * Starts to load.
   *
   * @param teacher preprocessing of a live teacher; empty: no images for it
   * @param perEpoch batches used of each epoch
   * @param first number of the first batch
   * @param end number after the last batch
   */
  BatchLoader(
      TrainingSet set,
      SampleOrder order,
      long seed,
      boolean flip,
      Preprocessing student,
      Optional<Preprocessing> teacher,
      long perEpoch,
      long first,
      long end) {
    this.set = set;
    this.order = order;
    this.seed = seed;
    this.flip = flip;
    this.student = student;
    this.teacher = teacher;
    thread = new Thread(() -> load(perEpoch, first, end), "facet-batches");
    thread.setDaemon(true);
    thread.start();
  }

  /** The next batch in step order. */
  Batch next() throws InterruptedException {
    Loaded loaded = queue.poll(10, TimeUnit.MINUTES);
    if (loaded == null) {
      throw new IllegalStateException("no batch could be loaded within ten minutes");
    }
    if (loaded.fault() instanceof RuntimeException fault) {
      throw fault;
    }
    if (loaded.fault() instanceof Error fault) {
      throw fault;
    }
    return loaded.batch();
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // the interrupt is close() asking to end
  private void load(long perEpoch, long first, long end) {
    try {
      int[][] batches = null;
      for (long number = first; number < end; number++) {
        int epoch = (int) (number / perEpoch);
        int inEpoch = (int) (number % perEpoch);
        if (batches == null || inEpoch == 0) {
          batches = order.epoch(epoch);
        }
        queue.put(new Loaded(batch(number, epoch, batches[inEpoch]), null));
      }
    } catch (InterruptedException e) {
      return;
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  private void report(Throwable fault) {
    try {
      queue.put(new Loaded(null, fault));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Batch batch(long number, int epoch, int[] indices) {
    boolean[] mirrored = new boolean[indices.length];
    long[] labels = new long[indices.length];
    boolean separate = teacher.isPresent() && !teacher.get().equals(student);
    FloatBuffer forStudent = FloatBuffer.allocate(indices.length * CropTensor.size(student));
    FloatBuffer forTeacher =
        separate ? FloatBuffer.allocate(indices.length * CropTensor.size(teacher.get())) : null;
    for (int i = 0; i < indices.length; i++) {
      mirrored[i] = flip && mirrored(epoch, set.faceId(indices[i]));
      labels[i] = set.label(indices[i]);
      Pixels crop = set.crop(indices[i]);
      CropTensor.put(crop, student, mirrored[i], forStudent);
      if (separate) {
        CropTensor.put(crop, teacher.get(), mirrored[i], forTeacher);
      }
    }
    float[] images = forStudent.array();
    return new Batch(
        number,
        epoch,
        indices,
        mirrored,
        labels,
        images,
        separate ? forTeacher.array() : teacher.isPresent() ? images : null);
  }

  /** Half of all (face, epoch) pairs, chosen by the seed. */
  private boolean mirrored(int epoch, String faceId) {
    return SeededHash.of(seed, FLIP, epoch, SeededHash.of(faceId)) < 0;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
