package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.distill.DistillationMethod;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.transforms.source.FaceSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A method and a source of another project, which Facet knows from a jar and nothing else. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OutsideJarTest {
  private static final int PEOPLE = 11;
  private static final int SHOTS = 4;

  @TempDir static Path project;
  private static Path jar;

  @TempDir Path folder;

  @BeforeAll
  static void buildTheJar() throws IOException {
    Path classes = Files.createDirectory(project.resolve("classes"));
    JavaSource.compile("EmbeddingCosine", JavaSource.example("own-method.md"), classes);
    JavaSource.compile("Sketches", resource("/outside/Sketches.java"), classes);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(DistillationMethod.class.getName()), "EmbeddingCosine\n");
    Files.writeString(services.resolve(FaceSource.class.getName()), "org.example.faces.Sketches\n");
    jar = pack(classes, project.resolve("faces.jar"));
  }

  @Test
  void methodsListsItsMethodAndItsSource() throws Exception {
    assertThat(facet("methods"))
        .containsPattern("embedding-cosine +mean of 1 - cosine")
        .containsPattern("sketches +Sketches of people");
    assertThat(facet("methods", "embedding-cosine"))
        .contains("weight (number [0, inf); default 1): Weight of the term.");
    assertThat(facet("methods", "sketches")).contains("people (whole number [2, 1000]; required)");
  }

  @Test
  void recipesMayNameThemOnlyWithTheJar() throws Exception {
    assertThat(facet("plan", recipe(), "--store", folder.resolve("store")))
        .contains("distill[embedding-cosine#1]");
    CommandRun without = CommandRun.of("plan", recipe(), "--store", folder.resolve("store"));
    assertThat(without.exitCode()).as(without.said()).isEqualTo(ExitCodes.RECIPE);
    assertThat(without.err()).contains("'sketches'").contains("'embedding-cosine'");
  }

  @Test
  void aRunReadsTheSourceAndTrainsByTheMethod() throws Exception {
    Path store = folder.resolve("store");
    Path json = folder.resolve("run.json");
    facet("run", recipe(), "--store", store, "--tracking-uri", "none", "--json", json);
    JsonSummary summary = JsonSummary.read(json);
    List<Path> samples = ChildProcess.files(store, "ingest/*/attempt-*/samples/*.parquet");
    assertThat(ParquetPreview.of(samples, 1000).toText().lines())
        .filteredOn(line -> line.contains(" sketched/"))
        .hasSize(PEOPLE * SHOTS);
    Path file = summary.artifact("distill[embedding-cosine#1]").resolve("manifest.json");
    Map<String, Double> last = Manifest.parse(file.toString(), Files.readString(file)).metrics();
    assertThat(last.get("loss/total"))
        .as("%s", last)
        .isCloseTo(last.get("loss/identity") + 2 * last.get("loss/cosine"), within(1e-3));
    assertThat(summary.metrics())
        .extracting(metric -> metric.get("model").asText())
        .contains("embedding-cosine#1");
  }

  private Path recipe() throws IOException {
    String drawn = "synthetic: {identities: 12, shots: 4, size: 96}";
    String recipe = TinyRecipe.withMethods("[{embedding-cosine: {weight: 2}}]");
    assertThat(recipe).contains(drawn);
    return TinyRecipe.write(
        folder,
        recipe.replace(drawn, "sketches: {people: %d, shots: %d}".formatted(PEOPLE, SHOTS)));
  }

  /** What the command said, in a process with the jar; it must end well. */
  private String facet(Object... arguments) throws Exception {
    Map<String, String> environment = Map.of("FACET_CLASSPATH", jar.toString());
    try (ChildProcess process =
        ChildProcess.start(folder, folder.resolve("log"), environment, arguments)) {
      assertThat(process.awaitEnd()).as(process.said()).isZero();
      return process.said();
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(OutsideJarTest.class.getResourceAsStream(name))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (!file.toString().endsWith(".java")) {
          entries.putNextEntry(
              new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
          Files.copy(file, entries);
        }
      }
    }
    return jar;
  }
}
