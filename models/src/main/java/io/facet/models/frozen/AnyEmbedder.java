package io.facet.models.frozen;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.backbone.NetworkEmbedder;
import io.facet.models.weights.ModelFile;

/** Opens the models that stages hand to each other. */
public final class AnyEmbedder {
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
        : NetworkEmbedder.open(ModelFile.read(bytes, name), batchSize);
  }
}
