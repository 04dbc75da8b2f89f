package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.facet.models.NativeCalls;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a training step calls PyTorch; the limits stand a little above what was counted. */
class NativeCallsTest {
  /** Trains for two lines of history and tells the calls between them, one function a line. */
  static final class Child {
    private static final int STEPS = 10;

    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
      List<Map<String, Long>> lines = new ArrayList<>();
      TrainingSetup setup =
          SmallBackbones.setup(
              arguments[0], "{epochs: 10, batchSize: 4, logEvery: 10, learningRate: 0.001}");
      if (!arguments[1].equals("none")) {
        setup = setup.method(TinyRun.method(arguments[1], "{}")).teacher(cached());
      }
      TrainingRun.run(setup.listener(new RecordedHistory(step -> lines.add(NativeCalls.counts()))));
      Map<String, Long> calls = new HashMap<>(lines.get(1));
      lines.get(0).forEach((name, count) -> calls.merge(name, -count, Long::sum));
      calls.entrySet().stream()
          .filter(entry -> entry.getValue() > 0)
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .forEach(
              entry ->
                  System.out.println((double) entry.getValue() / STEPS + " " + entry.getKey()));
    }

    private static CachedTeacher cached() {
      TinyFaces faces = new TinyFaces(4, 2, 112);
      InMemoryFeatures features = new InMemoryFeatures(faces);
      for (int i = 0; i < faces.size(); i++) {
        float[] row = new float[512];
        Arrays.fill(row, 0.1f);
        row[i] = 2;
        for (boolean mirrored : new boolean[] {false, true}) {
          features.put(faces.faceId(i), mirrored, CachedFeatures.EMBEDDING, new Shape(512), row);
        }
      }
      return new CachedTeacher(features, 0);
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'mobilefacenet: {width: 0.25}'; none; 290",
        "'mobilefacenet: {width: 0.25}'; feature-consistency; 370",
        "'iresnet: {depth: 18, width: 0.125}'; none; 290",
        "'vit: {dim: 16, depth: 6, heads: 2, patch: 16}'; none; 390",
        "'edgenext: {}'; none; 300",
        "'swin: {dim: 8, depths: [2, 2], heads: [1, 2]}'; none; 510",
      })
  void aStepMakesFewCalls(String backbone, String method, int limit) throws Exception {
    String calls = child(backbone, method);
    double sum = calls.lines().mapToDouble(line -> Double.parseDouble(line.split(" ")[0])).sum();
    assertThat(sum).as(calls).isBetween(1.0, (double) limit);
  }

  private String child(String backbone, String method) throws IOException, InterruptedException {
    Path agent = folder.resolve("agent.jar");
    NativeCalls.agent(agent);
    Path output = folder.resolve("output.txt");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + agent,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                backbone,
                method)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(child.waitFor(300, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(output);
      assertThat(child.exitValue()).as(said).isZero();
      return said;
    } finally {
      child.destroyForcibly();
    }
  }
}
