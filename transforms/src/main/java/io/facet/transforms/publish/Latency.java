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

/** How long a model takes for one face, as it would be deployed. */
public final class Latency {
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 31;
  private static final int CROP = 112;
  private static final String ONNX_RUNTIME = "onnx-runtime, one thread";
  private static final String PYTORCH = "pytorch";

  private final String name;
  private final Optional<FrozenModel> program;
  private final Optional<ModelFile> network;

  private Latency(String name, Optional<FrozenModel> program, Optional<ModelFile> network) {
    this.name = name;
    this.program = program;
    this.network = network;
  }

  /**
   * Times of single faces.
   *
   * @param median in milliseconds
   * @param late the 95th percentile in milliseconds
   * @param runtime {@code onnx-runtime, one thread} where the network has an ONNX form, else {@code
   *     pytorch}, which takes the threads it finds
   */
  public record Measured(double median, double late, String runtime) {}

  /** A model file or a frozen model. */
  public static Latency of(byte[] model, String name) {
    if (FrozenModel.isFrozen(model)) {
      return new Latency(name, Optional.of(FrozenModel.read(model, name)), Optional.empty());
    }
    ModelFile network = ModelFile.read(model, name);
    return OnnxExport.canExport(network)
        ? new Latency(
            name,
            Optional.of(
                new FrozenModel(
                    FrozenModel.Kind.ONNX, network.preprocessing(), OnnxExport.bytes(network))),
            Optional.empty())
        : new Latency(name, Optional.empty(), Optional.of(network));
  }

  /** The program that is deployed; none for a network without ONNX form, which is its file. */
  public Optional<FrozenModel> program() {
    return program;
  }

  /** Measures it on one thread. */
  public Measured measure() {
    return measure(1);
  }

  /** Measures it on some threads of ONNX Runtime. */
  public Measured measure(int threads) {
    try (Embedder embedder = open(threads)) {
      double[] times = times(embedder);
      return new Measured(
          times[ROUNDS / 2],
          times[(int) (0.95 * ROUNDS)],
          embedder instanceof OnnxEmbedder ? ONNX_RUNTIME : PYTORCH);
    }
  }

  /** Opens it for single faces on some threads of ONNX Runtime; the caller closes it. */
  Embedder open(int threads) {
    return program.isPresent()
        ? program.get().open(name, 1, threads)
        : NetworkEmbedder.open(network.orElseThrow(), 1);
  }

  /** In ascending order. */
  private static double[] times(Embedder embedder) {
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
    return times;
  }
}
