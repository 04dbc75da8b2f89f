package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.backbone.Backbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backbone from a folder of somebody else, compiled here, beside Facet's own jars. */
class OutsideBackboneTest {
  private static final String SOURCE =
      """
      import ai.djl.ndarray.NDArray;
      import ai.djl.ndarray.types.Shape;
      import io.facet.models.backbone.Backbone;
      import io.facet.models.backbone.Features;
      import io.facet.models.backbone.Network;
      import io.facet.models.option.Named;
      import io.facet.models.tensor.Linear;
      import java.util.Map;
      import java.util.Set;

      @Named(key = "plain", version = 1, summary = "One linear map of a shrunk crop.")
      public final class Plain implements Backbone<Plain.Options> {
        public record Options() {}

        public Network create(Options options) { return new Net(); }

        static final class Net extends Network {
          private final Linear linear = child("linear", new Linear(3 * 7 * 7, 64, true));

          public Features forward(NDArray images, Set<String> taps, boolean training) {
            NDArray small = images.reshape(-1, 3, 7, 16, 7, 16).mean(new int[] {5}).mean(new int[] {3});
            NDArray embedding = linear.forward(small.reshape(-1, 3 * 7 * 7));
            return new Features(embedding, taps.isEmpty() ? Map.of() : Map.of("last", small));
          }

          public int embeddingSize() { return 64; }

          public Shape inputShape() { return new Shape(3, 112, 112); }

          public Map<String, Shape> taps() { return Map.of("last", new Shape(3, 7, 7)); }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void withoutAnOnnxFormItIsTrainedMeasuredAndPublishedAsItIs() throws Exception {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        TinyRecipe.alone().replace("{mobilefacenet: {width: 0.125, embedding: 64}}", "plain"));
    Path store = folder.resolve("store");
    try (ChildProcess child =
        ChildProcess.start(
            folder,
            folder.resolve("log"),
            Map.of("FACET_CLASSPATH", compiled().toString()),
            "run",
            recipe,
            "--store",
            store,
            "--tracking-uri",
            "none")) {
      assertThat(child.awaitEnd()).as(child::said).isZero();
      assertThat(child.said()).containsPattern("drawn +none +\\d");
      assertThat(ChildProcess.files(store, "publish/**/student.safetensors")).hasSize(1);
      assertThat(ChildProcess.files(store, "publish/**/student.onnx")).isEmpty();
      Path manifest = ChildProcess.files(store, "publish/**/manifest.json").get(0);
      assertThat(manifest).content().contains("backbone 'plain' has no ONNX form");
    }
  }

  private Path compiled() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("outside"));
    JavaSource.compile("Plain", SOURCE, classes);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.write(services.resolve(Backbone.class.getName()), List.of("Plain"));
    return classes;
  }
}
