import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Trains a small student for many steps and prints the memory of the process. Resident memory must
 * stay where it was after the first tenth of the steps, within a tolerance that leaves room for the
 * Java heap, which is given beside it.
 */
public final class MemorySoak {
  private static final int IMAGES = 256;
  private static final int CLASSES = 32;

  private long steps = 2000;
  private int every = 100;
  private int batch = 16;
  private String method = "ukd";
  private String backbone = "mobilefacenet";
  private String options = "{\"width\": 0.25}";
  private String recompute = "none";
  private double tolerance = 64;
  private Path json = Path.of(".facet/bench/memory.json");

  public static void main(String[] arguments) throws Exception {
    new MemorySoak().read(arguments).run();
  }

  private MemorySoak read(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length || !set(arguments[i], arguments[i + 1])) {
        System.err.println(
            "usage: infra/bench/memory [--steps 2000] [--every 100] [--batch 16] [--method ukd]"
                + " [--backbone mobilefacenet] [--options '{\"width\": 0.25}']"
                + " [--recompute none|blocks]"
                + " [--tolerance-mb 64] [--json .facet/bench/memory.json]");
        System.exit(arguments[i].equals("--help") ? 0 : 2);
      }
    }
    return this;
  }

  private boolean set(String name, String value) {
    switch (name) {
      case "--steps" -> steps = Long.parseLong(value);
      case "--every" -> every = Integer.parseInt(value);
      case "--batch" -> batch = Integer.parseInt(value);
      case "--method" -> method = value;
      case "--backbone" -> backbone = value;
      case "--options" -> options = value;
      case "--recompute" -> recompute = value;
      case "--tolerance-mb" -> tolerance = Double.parseDouble(value);
      case "--json" -> json = Path.of(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private record Drawn(List<Pixels> crops) implements TrainingSet {
    static Drawn noise() {
      Random random = new Random(1);
      List<Pixels> crops = new ArrayList<>();
      for (int i = 0; i < IMAGES; i++) {
        byte[] values = new byte[112 * 112 * 3];
        random.nextBytes(values);
        crops.add(new Pixels(112, 112, values));
      }
      return new Drawn(crops);
    }

    @Override
    public int size() {
      return crops.size();
    }

    @Override
    public int classes() {
      return CLASSES;
    }

    @Override
    public int label(int index) {
      return index % CLASSES;
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

  /** Resident memory, its peak and the Java heap taken from the system, in MB; seconds. */
  private record Reading(
      long step, double resident, double peak, double heap, double at, double processor) {
    static Reading now(long step) {
      Runtime runtime = Runtime.getRuntime();
      return new Reading(
          step,
          status("VmRSS:"),
          status("VmHWM:"),
          runtime.totalMemory() / 1048576.0,
          System.nanoTime() / 1e9,
          ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                  .getProcessCpuTime()
              / 1e9);
    }

    private static double status(String figure) {
      try {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith(figure))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
            / 1024.0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void run() throws Exception {
    TrainingSet set = Drawn.noise();
    List<Reading> readings = new ArrayList<>();
    System.out.printf(
        "%d steps of %s, %s %s, batch %d, recompute %s%n%8s %12s %12s %12s%n",
        steps,
        method,
        backbone,
        options,
        batch,
        recompute,
        "step",
        "resident MB",
        "peak",
        "Java heap");
    Selected<Backbone<?>> network = RecordBinder.select(Backbone.class, backbone, options);
    TrainingOptions training =
        RecordBinder.bindJson(
            TrainingOptions.class,
            "{\"epochs\": %d, \"maxSteps\": %d, \"batchSize\": %d, \"logEvery\": %d, \"learningRate\": 0.001, \"recompute\": \"%s\"}"
                .formatted(steps, steps, batch, every, recompute));
    TrainingSetup setup =
        TrainingSetup.of(Backbone.create(network), Preprocessing.STANDARD, set, training, 1)
            .listener(
                new TrainingListener() {
                  @Override
                  public void logged(long step, long totalSteps, List<HistoryPoint> points) {
                    Reading reading = Reading.now(step);
                    readings.add(reading);
                    System.out.printf(
                        "%8d %12.0f %12.0f %12.0f%n",
                        step, reading.resident(), reading.peak(), reading.heap());
                  }

                  @Override
                  public void warned(long step, String message) {
                    System.err.println("step " + step + ": " + message);
                  }
                })
            .method(RecordBinder.select(DistillationMethod.class, method));
    if (!method.equals("none")) {
      try (var manager = Torch.newManager();
          Network teacher = Backbone.create(network)) {
        teacher.initialise(manager, 2);
        LiveTeacher live = LiveTeacher.plain(teacher, Preprocessing.STANDARD, Set.of());
        setup.teacher(new CachedTeacher(TeacherPass.all(live, set, batch), 0));
      }
    }
    TrainingRun.run(setup);
    report(readings);
  }

  private void report(List<Reading> readings) throws IOException {
    Reading first = readings.get(readings.size() / 10);
    double most =
        readings.stream()
            .skip(readings.size() / 10)
            .mapToDouble(Reading::resident)
            .max()
            .orElse(first.resident());
    double growth = most - first.resident();
    Reading last = readings.get(readings.size() - 1);
    double steps = last.step() - readings.get(0).step();
    double seconds = (last.at() - readings.get(0).at()) / steps;
    double processor = (last.processor() - readings.get(0).processor()) / steps;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("method", method);
    figures.put("steps", this.steps);
    figures.put("batch", batch);
    figures.put("backbone", backbone);
    figures.put("options", options);
    figures.put("recompute", recompute);
    figures.put("peakMegabytes", last.peak());
    figures.put("secondsPerStep", seconds);
    figures.put("processorSecondsPerStep", processor);
    figures.put("growthMegabytes", growth);
    figures.put("toleranceMegabytes", tolerance);
    figures.put("readings", readings);
    Files.createDirectories(json.toAbsolutePath().getParent());
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), figures);
    System.out.printf(
        "peak %.0f MB; a step after the first reading takes %.2f s, %.2f s of the processor%n",
        last.peak(), seconds, processor);
    System.out.printf(
        "growth after step %d: %.0f MB (at most %.0f are accepted); json %s%n",
        first.step(), growth, tolerance, json);
    if (growth > tolerance) {
      System.exit(1);
    }
  }
}
