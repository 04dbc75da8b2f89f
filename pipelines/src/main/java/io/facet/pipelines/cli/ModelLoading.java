package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.backbone.NetworkEmbedder;
import io.facet.models.export.OnnxEmbedder;
import io.facet.models.weights.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Opens model files of any supported kind. */
final class ModelLoading {
  private static final int BATCH = 32;

  private ModelLoading() {}

  /**
   * Opens a model.
   *
   * @throws DataException if the file is missing, of another kind, or does not say its
   *     preprocessing
   */
  static Embedder open(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new DataException(file + ": no such model file");
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return OnnxEmbedder.open(
          Files.readAllBytes(file),
          file.toString(),
          Optional.empty(),
          BATCH,
          Runtime.getRuntime().availableProcessors());
    }
    if (name.endsWith(".safetensors")) {
      return NetworkEmbedder.open(ModelFile.read(file), BATCH);
    }
    throw new DataException(
        file + ": a model file ends with .safetensors (written by Facet) or .onnx");
  }
}
