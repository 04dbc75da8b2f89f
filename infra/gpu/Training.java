import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.Torch;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.TrainingResult;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.TrainingSet;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Trains two small students for a few steps on drawn noise and prints what the trained weights hash
 * to, then, on standard error, which of PyTorch's libraries the process has loaded and what it says
 * to a GPU.
 */
public final class Training {
  private static final int SIDE = 112;

  private record Noise() implements TrainingSet {
    @Override
    public int size() {
      return 32;
    }

    @Override
    public int classes() {
      return 8;
    }

    @Override
    public int label(int index) {
      return index % classes();
    }

    @Override
    public String faceId(int index) {
      return "face-" + index;
    }

    @Override
    public Pixels crop(int index) {
      byte[] values = new byte[SIDE * SIDE * 3];
      new Random(index).nextBytes(values);
      return new Pixels(SIDE, SIDE, values);
    }
  }

  private Training() {}

  public static void main(String[] arguments) throws Exception {
    Torch.setThreads(1);
    train("mobilefacenet", "{\"width\": 0.25}");
    train("vit", "{\"dim\": 64, \"depth\": 2, \"heads\": 2}");
    tellLibraries();
    tellGpu();
  }

  private static void train(String network, String options) throws Exception {
    TrainingOptions training =
        RecordBinder.bindJson(
            TrainingOptions.class,
            "{\"epochs\": 1, \"maxSteps\": 3, \"batchSize\": 8, \"learningRate\": 0.01}");
    TrainingResult result =
        TrainingRun.run(
            TrainingSetup.of(
                Backbone.create(RecordBinder.select(Backbone.class, network, options)),
                Preprocessing.STANDARD,
                new Noise(),
                training,
                1));
    System.out.printf(
        "%s, %d steps: weights %s%n", network, result.steps(), digest(result.student()));
  }

  private static String digest(Map<String, float[]> weights) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    new TreeMap<>(weights)
        .forEach(
            (name, values) -> {
              ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
              bytes.asFloatBuffer().put(values);
              digest.update(bytes);
            });
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  private static void tellLibraries() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      lines
          .map(line -> line.replaceFirst("^[^/]*", ""))
          .filter(path -> path.matches(".*/lib(torch_cpu|torch_cuda|cuda)\\.so.*"))
          .distinct()
          .forEach(path -> System.err.println("  loaded " + path));
    }
  }

  private static void tellGpu() {
    Engine engine = Engine.getEngine("PyTorch");
    System.err.println("  GPUs seen: " + engine.getGpuCount());
    try (NDManager manager = engine.newBaseManager(Device.gpu(0))) {
      System.err.println("  a sum on GPU 0: " + manager.ones(new Shape(2, 2)).sum().getFloat());
    } catch (EngineException e) {
      System.err.println("  GPU 0 is refused: " + e.getMessage().replaceFirst("(?s)\\. .*", ""));
    }
  }
}
