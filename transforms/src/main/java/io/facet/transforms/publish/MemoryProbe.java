package io.facet.transforms.publish;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A process whose memory is a model's: it starts the engine, opens the model for one face at a time
 * on one thread, and embeds some faces of noise. What it held at most before and after stands in a
 * file of two lines, in bytes.
 *
 * <p>Java's heap must be touched as a whole from the start ({@code -XX:+AlwaysPreTouch}), or the
 * bytes of the file, which lie there, count as well.
 */
public final class MemoryProbe {
  private static final int FACES = 16;
  private static final long SEED = 1;
  private static final int CHANNELS = 8;

  private MemoryProbe() {}

  /**
   * Measures.
   *
   * @param arguments a model file or a frozen model, its name, the file to write
   */
  public static void main(String[] arguments) throws IOException {
    Latency model = Latency.of(Files.readAllBytes(Path.of(arguments[0])), arguments[1]);
    boolean onnx =
        model.program().filter(known -> known.kind() == FrozenModel.Kind.ONNX).isPresent();
    if (onnx) {
      startOnnxRuntime();
    } else {
      startPyTorch();
    }
    long before = ResidentPeak.bytes().orElseThrow();
    try (Embedder embedder = model.open(1)) {
      embed(embedder, FACES);
    }
    long after = ResidentPeak.bytes().orElseThrow();
    Files.write(Path.of(arguments[2]), List.of(Long.toString(before), Long.toString(after)));
  }

  private static void embed(Embedder embedder, int faces) {
    Preprocessing preprocessing = embedder.preprocessing();
    Random random = new Random(SEED);
    byte[] noise = new byte[preprocessing.width() * preprocessing.height() * 3];
    for (int i = 0; i < faces; i++) {
      random.nextBytes(noise);
      embedder.embed(List.of(new Pixels(preprocessing.width(), preprocessing.height(), noise)));
    }
  }

  /** With a model of hardly any weights: what only the first session costs is not the model's. */
  private static void startOnnxRuntime() {
    Preprocessing standard = Preprocessing.STANDARD;
    OnnxGraph graph = new OnnxGraph(new Layer() {});
    String kernel = graph.numbers("kernel", new float[CHANNELS * 3 * 3 * 3], CHANNELS, 3, 3, 3);
    String maps = graph.node("Conv", List.of("images", kernel));
    String mean = graph.flatten(graph.node("GlobalAveragePool", List.of(maps)));
    long[] shape = {3, standard.height(), standard.width()};
    byte[] program =
        graph.build("images", shape, mean, "embedding", CHANNELS).build().toByteArray();
    FrozenModel frozen =
        new FrozenModel(FrozenModel.Kind.ONNX, standard, program, Optional.empty());
    try (Embedder embedder = frozen.open("warm-up", 1, 1)) {
      embed(embedder, 1);
    }
  }

  /** TorchScript's own interpreter, about 12 MB, starts with the model and counts as its part. */
  private static void startPyTorch() {
    try (NDManager manager = Torch.newManager()) {
      manager.ones(new Shape(CHANNELS, CHANNELS)).matMul(manager.ones(new Shape(CHANNELS, 1)));
    }
  }
}
