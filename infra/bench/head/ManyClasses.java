import io.facet.models.backbone.Backbone;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.train.HistoryPoint;
import io.facet.models.train.TrainingListener;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.data.TrainingSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Trains a quarter-width MobileFaceNet with embeddings of 512 numbers on noise for a few steps, with
 * a head of so many classes, and saves a checkpoint half-way. Prints a line: classes of a step, its
 * median time, highest resident memory, size of that checkpoint and seconds to write it, and by how
 * much the longest step while it was written exceeds the median.
 */
public final class ManyClasses {
  private static final int STEPS = 24;
  private static final int CHECKPOINT = STEPS / 2;
  private static final int BATCH = 64;

  private ManyClasses() {}

  /** Noise; the label is drawn by position. */
  private record Noise(int classes, List<Pixels> pool) implements TrainingSet {
    static Noise of(int classes) {
      Random random = new Random(1);
      List<Pixels> pool = new ArrayList<>();
      for (int i = 0; i < 2 * BATCH; i++) {
        byte[] values = new byte[112 * 112 * 3];
        random.nextBytes(values);
        pool.add(new Pixels(112, 112, values));
      }
      return new Noise(classes, pool);
    }

    @Override
    public int size() {
      return STEPS * BATCH;
    }

    @Override
    public int label(int index) {
      return (int) (index * 2654435761L % classes);
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }

    @Override
    public Pixels crop(int index) {
      return pool.get(index % pool.size());
    }
  }

  /** Writes a checkpoint to a file and forgets it. */
  private static final class Timed implements CheckpointStore {
    private volatile long bytes;
    private volatile double seconds;

    @Override
    public void save(long step, Content checkpoint) throws IOException {
      Path file = Files.createTempFile("checkpoint", null);
      long since = System.nanoTime();
      try (OutputStream out = Files.newOutputStream(file)) {
        checkpoint.writeTo(out);
      }
      if (step == CHECKPOINT) {
        seconds = (System.nanoTime() - since) / 1e9;
        bytes = Files.size(file);
      }
      Files.delete(file);
    }

    @Override
    public Optional<Saved> latest() {
      return Optional.empty();
    }
  }

  private static double peakResidentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1024.0;
  }

  /** Arguments: classes, identitySampleRate. */
  public static void main(String[] arguments) throws Exception {
    int classes = Integer.parseInt(arguments[0]);
    double rate = Double.parseDouble(arguments[1]);
    TrainingOptions options =
        RecordBinder.bindJson(
            TrainingOptions.class,
            "{\"epochs\": 1, \"batchSize\": %d, \"logEvery\": 1, \"checkpointEvery\": %d, \"checkpointMinutes\": 60, \"learningRate\": 0.01, \"identitySampleRate\": %s}"
                .formatted(BATCH, CHECKPOINT, arguments[1]));
    List<Double> times = new ArrayList<>();
    Timed checkpoints = new Timed();
    double[] resident = new double[1];
    TrainingSetup setup =
        TrainingSetup.of(
                Backbone.create(
                    RecordBinder.select(
                        Backbone.class,
                        "mobilefacenet",
                        "{\"width\": 0.25, \"embedding\": 512}")),
                Preprocessing.STANDARD,
                Noise.of(classes),
                options,
                1)
            .checkpoints(checkpoints)
            .listener(
                new TrainingListener() {
                  @Override
                  public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                    points.stream()
                        .filter(point -> point.name().equals("images_per_second"))
                        .forEach(point -> times.add(BATCH / point.value()));
                    try {
                      resident[0] = peakResidentMegabytes();
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  }

                  @Override
                  public void warned(long step, String message) {
                    System.err.println("step " + step + ": " + message);
                  }
                });
    TrainingRun.run(setup);
    double[] seconds = times.stream().mapToDouble(Double::doubleValue).toArray();
    double longest = 0;
    double since = 0; // the checkpoint was due
    for (int i = CHECKPOINT; i < STEPS && since < checkpoints.seconds; i++) {
      longest = Math.max(longest, seconds[i]);
      since += seconds[i];
    }
    double[] sorted = Arrays.stream(seconds, 1, STEPS).sorted().toArray();
    double median = sorted[sorted.length / 2];
    long sampled = Math.min(classes, Math.max((long) Math.ceil(rate * classes), BATCH));
    System.out.printf(
        "%9d %9s %9d %9.0f %12.0f %8.0f MB %13.1f %9.2f%n",
        classes,
        arguments[1],
        sampled,
        median * 1e3,
        resident[0],
        checkpoints.bytes / 1e6,
        checkpoints.seconds,
        longest - median);
  }
}
