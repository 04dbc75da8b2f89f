package io.facet.transforms.publish;

import io.facet.models.embed.Embedder;
import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.embed.OnnxEmbedder;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Pixels;
import io.facet.models.weights.ModelFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How long a model takes for one face. */
public final class Latency {
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 15;
  private static final int CROP = 112;
  private static final String ONNX_RUNTIME = "onnx-runtime, one thread";
  private static final String PYTORCH = "pytorch";

  private Latency() {}

  /**
   * A measured time.
   *
   * @param milliseconds median of single faces
   * @param runtime {@code onnx-runtime, one thread} where the network has an ONNX form, else {@code
   *     pytorch}
   */
  public record Measured(double milliseconds, String runtime) {}

  /** Measures a model file or a frozen model as it would be deployed, one face at a time. */
  public static Measured of(byte[] model, String name) {
    if (!FrozenModel.isFrozen(model)) {
      return of(ModelFile.read(model, name));
    }
    FrozenModel frozen = FrozenModel.read(model, name);
    try (Embedder embedder = frozen.open(name, 1, 1)) {
      return new Measured(
          median(embedder), frozen.kind() == FrozenModel.Kind.ONNX ? ONNX_RUNTIME : PYTORCH);
    }
  }

  private static Measured of(ModelFile model) {
    boolean onnx = OnnxExport.canExport(model);
    try (Embedder embedder =
        onnx
            ? OnnxEmbedder.open(OnnxExport.bytes(model), "export", Optional.empty(), 1, 1)
            : NetworkEmbedder.open(model, 1)) {
      return new Measured(median(embedder), onnx ? ONNX_RUNTIME : PYTORCH);
    }
  }

  private static double median(Embedder embedder) {
    List<Pixels> crop = List.of(new Pixels(CROP, CROP, new byte[CROP * CROP * 3]));
    double[] times = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long start = System.nanoTime();
      embedder.embed(crop);
      if (round >= 0) {
        times[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }
}
