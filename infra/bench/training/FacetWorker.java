import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.HistoryPoint;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.TeacherPass;
import io.facet.models.train.TrainingListener;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.TrainingSetup;
import io.facet.models.weights.ModelFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Facet side of the training benchmark: the product's own {@link TrainingRun}, {@link
 * TeacherPass} and {@link NetworkEmbedder}. Answers requests, one line of JSON each, with lines
 * that start with {@code "=> "}.
 */
public final class FacetWorker {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TICKS_PER_SECOND = 100;
  private static final int SIDE = 112;
  private static final int TEACHER_BATCH = 32;

  private FacetWorker() {}

  public static void main(String[] arguments) throws Exception {
    Torch.setThreads(Integer.parseInt(arguments[0]));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      Object answer =
          switch (request.get("task").textValue()) {
            case "initialise" -> initialise(request);
            case "train" -> train(request);
            case "inference" -> inference(request);
            case "distil" -> distil(request);
            case "embed" -> embed(request);
            default -> throw new IllegalArgumentException(line);
          };
      System.out.println("=> " + JSON.writeValueAsString(answer));
    }
  }

  /** Wall time, processor time, system time and page faults since it was made. */
  private static final class Meter {
    private final long wall = System.nanoTime();
    private final long[] process = process();

    Map<String, Object> reading(long images) {
      double seconds = (System.nanoTime() - wall) / 1e9;
      long[] now = process();
      return Map.of(
          "images", images,
          "wall", seconds,
          "cpu", (now[1] + now[2] - process[1] - process[2]) / TICKS_PER_SECOND,
          "system", (now[2] - process[2]) / TICKS_PER_SECOND,
          "faults", now[0] - process[0]);
    }

    /** Minor faults, user ticks, system ticks of this process. */
    private static long[] process() {
      String stat;
      try {
        stat = Files.readString(Path.of("/proc/self/stat"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new long[] {
        Long.parseLong(fields[7]), Long.parseLong(fields[11]), Long.parseLong(fields[12])
      };
    }
  }

  /** Decoded images with labels. */
  private record Images(List<Pixels> crops, int classes) implements TrainingSet {
    static Images read(JsonNode request) throws IOException {
      byte[] all = Files.readAllBytes(Path.of(request.get("crops").textValue()));
      int size = SIDE * SIDE * 3;
      List<Pixels> crops = new ArrayList<>();
      for (int from = 0; from < all.length; from += size) {
        crops.add(new Pixels(SIDE, SIDE, Arrays.copyOfRange(all, from, from + size)));
      }
      return new Images(crops, request.path("classes").asInt(2));
    }

    @Override
    public int size() {
      return crops.size();
    }

    @Override
    public int label(int index) {
      return index % classes;
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }

    @Override
    public Pixels crop(int index) {
      return crops.get(index);
    }
  }

  private static Selected<Backbone<?>> selected(JsonNode part) {
    return RecordBinder.select(
        Backbone.class, part.get("kind").textValue(), part.get("options").toString());
  }

  private static Network network(JsonNode part) {
    return Backbone.create(selected(part));
  }

  private static Map<String, float[]> weights(JsonNode part) {
    Map<String, float[]> values = new LinkedHashMap<>();
    Safetensors.read(Path.of(part.get("weights").textValue()))
        .tensors()
        .forEach((name, tensor) -> values.put(name, tensor.values()));
    return values;
  }

  private static Map<String, Object> initialise(JsonNode request) throws IOException {
    JsonNode part = request.get("student");
    try (var manager = Torch.newManager();
        Network network = network(part)) {
      network.initialise(manager, 1);
      Map<String, FloatTensor> tensors = new LinkedHashMap<>();
      network
          .weights()
          .forEach(
              (name, weight) ->
                  tensors.put(
                      name, FloatTensor.of(name, weight.shape(), weight.array().toFloatArray())));
      Files.write(
          Path.of(part.get("weights").textValue()), Safetensors.write(tensors, Map.of()));
    }
    return Map.of();
  }

  private static TrainingSetup setup(JsonNode request, TrainingSet set, int epochs, long steps) {
    String options =
        """
        {"epochs": %d, "batchSize": %d, "learningRate": 0.01, "maxSteps": %d, "logEvery": 1}
        """
            .formatted(epochs, request.get("batch").intValue(), steps);
    return TrainingSetup.of(
            network(request.get("student")),
            Preprocessing.STANDARD,
            set,
            RecordBinder.bindJson(TrainingOptions.class, options),
            1)
        .initial(weights(request.get("student")));
  }

  private static Map<String, Object> train(JsonNode request) throws Exception {
    int warm = request.get("warm").intValue();
    int steps = request.get("steps").intValue();
    long images = (long) steps * request.get("batch").intValue();
    Span span = new Span(warm, warm + steps, images);
    TrainingSet set = Images.read(request);
    TrainingRun.run(setup(request, set, warm + steps, warm + steps).listener(span));
    return span.reading;
  }

  /** Measures from the end of one step to the end of another. */
  private static final class Span implements TrainingListener {
    private final long first;
    private final long last;
    private final long images;
    private Meter meter;
    private Map<String, Object> reading;

    Span(long first, long last, long images) {
      this.first = first;
      this.last = last;
      this.images = images;
    }

    @Override
    public void logged(long step, long totalSteps, List<HistoryPoint> points) {
      if (step == first) {
        meter = new Meter();
      }
      if (step == last) {
        reading = meter.reading(images);
      }
    }

    @Override
    public void warned(long step, String message) {}
  }

  private static Map<String, Object> inference(JsonNode request) throws IOException {
    int batch = request.get("batch").intValue();
    int warm = request.get("warm").intValue();
    int steps = request.get("steps").intValue();
    List<Pixels> crops = Images.read(request).crops();
    try (NetworkEmbedder embedder = embedder(request)) {
      Meter meter = null;
      for (int step = 0; step < warm + steps; step++) {
        if (step == warm) {
          meter = new Meter();
        }
        int start = step * batch % (crops.size() - batch + 1);
        embedder.embed(crops.subList(start, start + batch));
      }
      return meter.reading((long) steps * batch);
    }
  }

  private static Map<String, Object> embed(JsonNode request) throws IOException {
    List<Pixels> crops = Images.read(request).crops();
    try (NetworkEmbedder embedder = embedder(request)) {
      return Map.of(
          "embeddings", embedder.embed(crops.subList(0, request.get("batch").intValue())));
    }
  }

  private static NetworkEmbedder embedder(JsonNode request) {
    JsonNode part = request.get("student");
    ModelFile model =
        new ModelFile(
            selected(part), Preprocessing.STANDARD, weights(part), Optional.empty(), Map.of());
    return NetworkEmbedder.open(model, request.get("batch").intValue());
  }

  /** A whole feature-consistency distillation: both views of every crop cached, then training. */
  private static Map<String, Object> distil(JsonNode request) throws Exception {
    Images set = Images.read(request);
    int epochs = request.get("epochs").intValue();
    int steps = epochs * (set.size() / request.get("batch").intValue());
    Meter meter = new Meter();
    TrainingSetup setup = setup(request, set, epochs, steps);
    try (var manager = Torch.newManager();
        Network network = network(request.get("teacher"))) {
      network.load(manager, weights(request.get("teacher")));
      LiveTeacher teacher = LiveTeacher.plain(network, Preprocessing.STANDARD, Set.of());
      setup.teacher(new CachedTeacher(TeacherPass.all(teacher, set, TEACHER_BATCH), 0));
    }
    Selected<DistillationMethod<?>> method =
        RecordBinder.select(DistillationMethod.class, "feature-consistency");
    TrainingRun.run(setup.method(method));
    return meter.reading((long) steps * request.get("batch").intValue());
  }
}
