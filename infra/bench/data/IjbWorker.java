import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.management.OperatingSystemMXBean;
import io.facet.models.format.TemplateLists;
import io.facet.models.option.RecordBinder;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TemplateFeatures;
import io.facet.models.protocol.TemplateSum;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.score.ScoreTemplates;
import io.facet.transforms.score.TemplateMetrics;
import io.facet.transforms.score.TemplateOptions;
import io.facet.transforms.score.VerificationMetrics;
import io.facet.transforms.source.format.IjbSource;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures lists of IJB with all embeddings in memory, on one thread: {@code LISTS EMBEDDINGS WIDTH
 * ROUNDS}, ROUNDS of the bootstrap. Prints figures, seconds of each part and the memory that pairs
 * took beside the embeddings.
 */
final class IjbWorker {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Map<String, Double> cpu = new LinkedHashMap<>();
  private long since = System.nanoTime();
  private long worked = work();

  public static void main(String[] words) throws IOException {
    new IjbWorker().run(Path.of(words[0]), Path.of(words[1]), Integer.parseInt(words[2]),
        Integer.parseInt(words[3]));
  }

  private void run(Path folder, Path file, int width, int rounds) throws IOException {
    TemplateLists lists = IjbSource.lists(folder.toString());
    lap("lists");
    float[][] embeddings = embeddings(file, lists.faces().size(), width);
    lap("embeddings");
    TemplateOptions asked =
        RecordBinder.bind(TemplateOptions.class, JsonNodeFactory.instance.objectNode());
    TemplateFeatures features = features(lists, embeddings, asked);
    lap("templates");
    List<TemplateScoresRow> blocks = new ArrayList<>();
    for (TemplatePairsRow block : TemplatePairsRow.of("ijb", lists.pairs())) {
      blocks.add(ScoreTemplates.score("bench", block, features, new HashMap<>()));
    }
    lap("scores");
    VerificationMetrics.Subject subject =
        new VerificationMetrics.Subject("bench", "teacher", "", 0, false);
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(0.95, rounds, 1, List.of(), ResamplingUnit.IDENTITY);
    TemplateMetrics.measure(subject, "ijb", blocks, features, List.of(), asked, options);
    lap("verification");
    List<MetricRow> all =
        TemplateMetrics.measure(
            subject, "ijb", blocks, features, TemplateSubjectRow.of("ijb", lists), asked, options);
    lap("identification"); // pairs were measured a second time in it
    seconds.computeIfPresent("identification", (p, both) -> both - seconds.get("verification"));
    cpu.computeIfPresent("identification", (p, both) -> both - cpu.get("verification"));
    Map<String, Double> figures = new TreeMap<>();
    all.forEach(row -> figures.put(row.name(), row.value()));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("figures", figures);
    answer.put("seconds", seconds);
    answer.put("cpu", cpu);
    answer.put("pairs", lists.pairs().size());
    answer.put("faces", embeddings.length);
    answer.put("peakMegabytes", peak());
    System.out.println("=> " + new ObjectMapper().writeValueAsString(answer));
  }

  private void lap(String part) {
    double passed = (System.nanoTime() - since) / 1e9;
    seconds.put(part, passed);
    cpu.put(part, (work() - worked) / 1e9);
    since = System.nanoTime();
    worked = work();
  }

  /** Processor time of the process in nanoseconds. */
  private static long work() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static float[][] embeddings(Path file, int faces, int width) throws IOException {
    float[][] rows = new float[faces][width];
    byte[] bytes = new byte[4 * width];
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(new BufferedInputStream(in, 1 << 20))) {
      for (float[] row : rows) {
        data.readFully(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(row);
      }
    }
    return rows;
  }

  private static TemplateFeatures features(
      TemplateLists lists, float[][] embeddings, TemplateOptions asked) {
    Map<Integer, TemplateSum> sums = new HashMap<>();
    Map<Integer, Integer> left = new HashMap<>();
    lists.faces().forEach(face -> left.merge(face.template(), 1, Integer::sum));
    Map<Integer, float[]> units = new HashMap<>();
    for (int i = 0; i < embeddings.length; i++) {
      TemplateLists.Face face = lists.faces().get(i);
      TemplateSum sum =
          sums.computeIfAbsent(face.template(), t -> new TemplateSum(asked.features()));
      sum.add(face.medium(), embeddings[i], face.score());
      if (left.merge(face.template(), -1, Integer::sum) == 0) {
        units.put(face.template(), sum.unit());
        sums.remove(face.template());
      }
    }
    return TemplateFeatures.of(units);
  }

  private static double peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return 0;
  }
}
