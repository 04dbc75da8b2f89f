package io.facet.models.embed;

import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.weights.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Opens the models that stages hand to each other, for inference over many faces. A network runs as
 * its own ONNX export on ONNX Runtime, which takes about half of PyTorch's time, if both give the
 * same embeddings of a few probes within {@link OnnxExport#TOLERANCE}; else it runs on PyTorch.
 */
public final class AnyEmbedder {
  private static final int PROBES = 2;
  private static final long PROBE_SEED = 1;

  private AnyEmbedder() {}

  /**
   * Opens a model file or a frozen model.
   *
   * @param name of the file, for error messages
   * @param batchSize crops of one pass; bits may depend on it
   * @param threads of one run on ONNX Runtime
   * @throws DataException if the bytes are neither
   */
  public static Embedder open(byte[] bytes, String name, int batchSize, int threads) {
    return FrozenModel.isFrozen(bytes)
        ? FrozenModel.read(bytes, name).open(name, batchSize, threads)
        : open(ModelFile.read(bytes, name), name, batchSize, threads);
  }

  /** The same with a use of the mirror image other than the model's preprocessing says. */
  public static Embedder open(
      byte[] bytes, String name, FlipFusion fusion, int batchSize, int threads) {
    Preprocessing asked = preprocessing(bytes, name).with(fusion);
    if (FrozenModel.isFrozen(bytes)) {
      FrozenModel frozen = FrozenModel.read(bytes, name);
      return new FrozenModel(frozen.kind(), asked, frozen.program()).open(name, batchSize, threads);
    }
    ModelFile model = ModelFile.read(bytes, name);
    return open(
        new ModelFile(model.backbone(), asked, model.weights(), model.classifier(), model.notes()),
        name,
        batchSize,
        threads);
  }

  /**
   * The preprocessing contract that a model file or a frozen model holds.
   *
   * @throws DataException if the bytes are neither
   */
  public static Preprocessing preprocessing(byte[] bytes, String name) {
    return FrozenModel.isFrozen(bytes)
        ? FrozenModel.read(bytes, name).preprocessing()
        : ModelFile.read(bytes, name).preprocessing();
  }

  private static Embedder open(ModelFile model, String name, int batchSize, int threads) {
    if (!OnnxExport.canExport(model)) {
      return NetworkEmbedder.open(model, batchSize);
    }
    Embedder exported =
        OnnxEmbedder.open(OnnxExport.bytes(model), name, Optional.empty(), batchSize, threads);
    if (agrees(model, exported)) {
      return exported;
    }
    exported.close();
    return NetworkEmbedder.open(model, batchSize);
  }

  private static boolean agrees(ModelFile model, Embedder exported) {
    Preprocessing preprocessing = model.preprocessing();
    Random random = new Random(PROBE_SEED);
    List<Pixels> probes = new ArrayList<>();
    for (int i = 0; i < PROBES; i++) {
      byte[] noise = new byte[preprocessing.height() * preprocessing.width() * 3];
      random.nextBytes(noise);
      probes.add(new Pixels(preprocessing.width(), preprocessing.height(), noise));
    }
    try (NetworkEmbedder original = NetworkEmbedder.open(model, PROBES)) {
      return OnnxExport.difference(original, exported, probes) <= OnnxExport.TOLERANCE;
    }
  }
}
