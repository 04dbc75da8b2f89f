package io.facet.models.train.data;

import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.augment.Augmentations;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Prepares batches ahead of training, a bounded number of them: one thread chooses and collects,
 * others decode, augment and read what is kept of the crops.
 */
public final class BatchLoader implements AutoCloseable {
  private static final int AHEAD = 2;

  /** Decoding takes a small part of a training step: most processors are left to the step. */
  private static final int USUAL_THREADS =
      Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 4));

  private static final long FLIP = SeededHash.of("flip");

  private final TrainingSet set;
  private final SampleOrder order;
  private final long seed;
  private final boolean flip;
  private final Augmentations augmentations;
  private final Preprocessing student;
  private final Optional<Preprocessing> teacher;
  private final List<CropRows> sources;
  private final BlockingQueue<Loaded> queue = new ArrayBlockingQueue<>(AHEAD);
  private final boolean onHost;
  private final SpareArrays<float[]> floats = new SpareArrays<>(float[]::new);
  private final SpareArrays<byte[]> bytes = new SpareArrays<>(byte[]::new);
  private final int threads;
  private final ExecutorService decoders;
  private final Thread thread;

  /** A batch, or what went wrong instead. */
  private record Loaded(Batch batch, Throwable fault) {}

  /**
   * Starts to load.
   *
   * @param teacher preprocessing of a live teacher; empty: no images for it
   * @param sources what else each batch brings along
   * @param onHost whether the networks are on the host
   * @param threads that decode, augment and read, which changes no batch; 0: as many as usual
   * @param perEpoch batches used of each epoch
   * @param first number of the first batch
   * @param end number after the last batch
   */
  public BatchLoader(
      TrainingSet set,
      SampleOrder order,
      long seed,
      boolean flip,
      Augmentations augmentations,
      Preprocessing student,
      Optional<Preprocessing> teacher,
      List<CropRows> sources,
      boolean onHost,
      int threads,
      long perEpoch,
      long first,
      long end) {
    this.set = set;
    this.order = order;
    this.seed = seed;
    this.flip = flip;
    this.augmentations = augmentations;
    this.student = student;
    this.teacher = teacher;
    this.sources = List.copyOf(sources);
    this.onHost = onHost;
    this.threads = threads == 0 ? USUAL_THREADS : threads;
    decoders =
        Executors.newFixedThreadPool(
            this.threads,
            task -> {
              Thread made = new Thread(task, "facet-decode");
              made.setDaemon(true);
              return made;
            });
    thread = new Thread(() -> load(perEpoch, first, end), "facet-batches");
    thread.setDaemon(true);
    thread.start();
  }

  /** The next batch in step order. */
  public Batch next() throws InterruptedException {
    Loaded loaded = queue.poll(10, TimeUnit.MINUTES);
    if (loaded == null) {
      throw new IllegalStateException("no batch could be loaded within ten minutes");
    }
    if (loaded.fault() != null) {
      throwUnchecked(loaded.fault());
    }
    return loaded.batch();
  }

  /** Takes back the images and rows of a batch, which another one will overwrite. */
  public void recycle(Batch batch) {
    give(batch.studentImages());
    if (batch.teacherImages() != null && batch.teacherImages() != batch.studentImages()) {
      give(batch.teacherImages());
    }
    for (BatchRows rows : batch.rows().values()) {
      rows.values().values().forEach(array -> floats.give(array, array.length));
    }
  }

  private void give(InputImages images) {
    if (onHost) {
      floats.give(images.values(), images.values().length);
    } else {
      bytes.give(images.pixels(), images.pixels().length);
    }
  }

  private InputImages images(Preprocessing preprocessing, boolean[] mirrored) {
    int size = mirrored.length * CropTensor.size(preprocessing);
    return onHost
        ? InputImages.onHost(preprocessing, mirrored, floats.take(size))
        : InputImages.forDevice(preprocessing, mirrored, bytes.take(size));
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

  private Batch batch(long number, int epoch, int[] indices) throws InterruptedException {
    boolean[] mirrored = new boolean[indices.length];
    long[] labels = new long[indices.length];
    boolean separate =
        teacher.isPresent() && !(teacher.get().equals(student) && augmentations.onlyGeometric());
    InputImages forStudent = images(student, mirrored);
    InputImages forTeacher = separate ? images(teacher.get(), mirrored) : null;
    Map<CropRows, BatchRows> rows = new LinkedHashMap<>();
    sources.forEach(
        source -> rows.put(source, new BatchRows(source, indices.length, floats::take)));
    for (int i = 0; i < indices.length; i++) {
      mirrored[i] = flip && mirrored(epoch, set.faceHash(indices[i]));
      labels[i] = set.label(indices[i]);
    }
    decode(
        indices.length,
        slot -> {
          Pixels crop = set.crop(indices[slot]);
          long face = set.faceHash(indices[slot]);
          forStudent.put(slot, augmentations.apply(crop, face, epoch));
          if (separate) {
            forTeacher.put(slot, augmentations.moved(crop, face, epoch));
          }
          rows.values().forEach(each -> each.read(slot, indices[slot], mirrored[slot]));
        });
    return new Batch(
        number,
        epoch,
        indices,
        mirrored,
        labels,
        forStudent,
        separate ? forTeacher : teacher.isPresent() ? forStudent : null,
        rows);
  }

  /** All crops, side by side; each fills its own part, so the order does not matter. */
  private void decode(int count, IntConsumer crop) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Throwable[] faults = new Throwable[count];
    Callable<Void> share =
        () -> {
          for (int slot = next.getAndIncrement(); slot < count; slot = next.getAndIncrement()) {
            try {
              crop.accept(slot);
            } catch (RuntimeException | Error e) {
              faults[slot] = e;
            }
          }
          return null;
        };
    decoders.invokeAll(Collections.nCopies(Math.min(threads, count), share));
    for (Throwable fault : faults) {
      if (fault != null) {
        throwUnchecked(fault);
      }
    }
  }

  private static void throwUnchecked(Throwable fault) {
    if (fault instanceof RuntimeException failure) {
      throw failure;
    }
    if (fault instanceof Error failure) {
      throw failure;
    }
    throw new IllegalStateException(fault);
  }

  /** Half of all (face, epoch) pairs, chosen by the seed. */
  private boolean mirrored(int epoch, long faceHash) {
    return SeededHash.of(seed, FLIP, epoch, faceHash) < 0;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    decoders.shutdownNow();
    // Their files may be closed next.
    decoders.awaitTermination(1, TimeUnit.MINUTES);
  }
}
