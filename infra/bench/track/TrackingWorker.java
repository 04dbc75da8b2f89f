import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.backbone.Backbone;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.Torch;
import io.facet.models.train.HistoryPoint;
import io.facet.models.train.TrainingListener;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.TrainingSetup;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.train.ProgressListener;
import io.facet.transforms.train.TrainingProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The Facet side of the tracking benchmark: the product's own journal, sender, progress segments and
 * training. Answers requests, one line of JSON each, with lines that start with {@code "=> "}.
 */
public final class TrackingWorker {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIDE = 112;

  private TrackingWorker() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      Object answer =
          switch (request.get("task").textValue()) {
            case "serve" -> serve(request);
            case "stop" -> stop(request);
            case "journal" -> journal(request);
            case "deliver" -> deliver(request);
            case "step" -> step(request);
            case "segments" -> segments(request);
            case "follow" -> follow(request);
            default -> throw new IllegalArgumentException(line);
          };
      System.out.println("=> " + JSON.writeValueAsString(answer));
    }
  }

  private static Path store(JsonNode request) {
    return Path.of(request.get("store").textValue());
  }

  private static Object serve(JsonNode request) throws Exception {
    ServerStatus status =
        new MlflowServer(store(request), System.getenv())
            .start(OptionalInt.of(request.get("port").intValue()), System.err::println);
    if (!status.running()) {
      throw new IllegalStateException(status.detail());
    }
    return Map.of("uri", status.uri().orElseThrow().toString());
  }

  private static Object stop(JsonNode request) throws IOException {
    return Map.of("stopped", new MlflowServer(store(request), System.getenv()).stop());
  }

  /** Points of steps with ten metrics each, on the disk when it ends. */
  private static Object journal(JsonNode request) throws IOException {
    int points = request.get("points").intValue();
    int metrics = request.get("metrics").intValue();
    long began = System.nanoTime();
    long cpu = processCpu();
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store(request))) {
      TrackedRun run = tracking.start(RunSpec.of("bench", "journal"));
      for (int step = 0; step * metrics < points; step++) {
        List<MetricPoint> some = new ArrayList<>(metrics);
        for (int metric = 0; metric < metrics; metric++) {
          some.add(new MetricPoint("loss/term" + metric, 1.0 / (1 + step), 1000L * step, step));
        }
        run.metrics(some);
      }
      run.finish();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return Map.of(
        "points", points,
        "wall", seconds,
        "cpu", (processCpu() - cpu) / 1e9,
        "bytes", bytes(store(request)));
  }

  private static Object deliver(JsonNode request) {
    URI uri = URI.create(request.get("uri").textValue());
    long began = System.nanoTime();
    TrackingStatus status =
        Tracking.sync(TrackingOptions.to(uri), store(request), Duration.ofHours(1));
    double seconds = (System.nanoTime() - began) / 1e9;
    if (!status.delivered() || status.refused() > 0) {
      throw new IllegalStateException(status.describe());
    }
    return Map.of("wall", seconds);
  }

  /** Random images; what they show does not matter for time. */
  private record Noise(List<Pixels> crops, int classes) implements TrainingSet {
    static Noise of(int count) {
      Random random = new Random(1);
      List<Pixels> crops = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] bytes = new byte[SIDE * SIDE * 3];
        random.nextBytes(bytes);
        crops.add(new Pixels(SIDE, SIDE, bytes));
      }
      return new Noise(crops, 16);
    }

    @Override
    public int size() {
      return crops.size();
    }

    @Override
    public Pixels crop(int index) {
      return crops.get(index);
    }

    @Override
    public int label(int index) {
      return index % classes;
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }
  }

  /** Seconds of one training step of MobileFaceNet without any logging. */
  private static Object step(JsonNode request) throws Exception {
    Torch.setThreads(Runtime.getRuntime().availableProcessors());
    int batch = request.get("batch").intValue();
    int steps = request.get("steps").intValue();
    List<Long> times = new ArrayList<>();
    String options =
        """
        {"epochs": %d, "batchSize": %d, "maxSteps": %d, "logEvery": 1, "checkpointEvery": 100000}
        """
            .formatted(steps + 2, batch, steps + 2);
    TrainingListener clock =
        new TrainingListener() {
          @Override
          public void logged(long step, long total, List<HistoryPoint> points) {
            times.add(System.nanoTime());
          }

          @Override
          public void warned(long step, String message) {}
        };
    TrainingRun.run(
        TrainingSetup.of(
                Backbone.create(
                    RecordBinder.select(
                        Backbone.class, "mobilefacenet", "{\"layout\": \"mbf\"}")),
                Preprocessing.STANDARD,
                Noise.of(batch),
                RecordBinder.bindJson(TrainingOptions.class, options),
                1)
            .listener(clock));
    List<Double> seconds = new ArrayList<>();
    for (int i = 2; i < times.size(); i++) {
      seconds.add((times.get(i) - times.get(i - 1)) / 1e9);
    }
    return Map.of("seconds", seconds);
  }

  /** What a training thread spends to leave the metrics of its steps in the attempt folder. */
  private static Object segments(JsonNode request) {
    ProgressListener listener =
        new ProgressListener(new AttemptFolder(store(request).resolve("attempt").toString()));
    int steps = request.get("steps").intValue();
    int metrics = request.get("metrics").intValue();
    long began = System.nanoTime();
    for (int step = 1; step <= steps; step++) {
      List<HistoryPoint> points = new ArrayList<>(metrics);
      for (int metric = 0; metric < metrics; metric++) {
        points.add(new HistoryPoint(step, 1, "loss/term" + metric, 1.0 / step));
      }
      listener.logged(step, steps, points);
    }
    return Map.of("steps", steps, "wall", (System.nanoTime() - began) / 1e9);
  }

  /** What the driver spends to bring these metrics into the journal. */
  private static Object follow(JsonNode request) throws IOException {
    AttemptFolder attempt = new AttemptFolder(store(request).resolve("attempt").toString());
    long cpu = processCpu();
    long steps = 0;
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store(request))) {
      TrackedRun run = tracking.start(RunSpec.of("bench", "follow"));
      for (AttemptFolder.Segment segment : attempt.progressAfter(-1)) {
        TrainingProgress progress = TrainingProgress.parse(segment.bytes());
        List<MetricPoint> points = new ArrayList<>();
        for (HistoryPoint point : progress.points()) {
          points.add(new MetricPoint(point.name(), point.value(), progress.at(), point.step()));
        }
        run.metrics(points);
        steps++;
      }
      run.finish();
    }
    return Map.of("steps", steps, "cpu", (processCpu() - cpu) / 1e9);
  }

  private static long processCpu() {
    return ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
