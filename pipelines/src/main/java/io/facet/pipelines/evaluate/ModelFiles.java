package io.facet.pipelines.evaluate;

import io.facet.models.embed.Embedder;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.embed.FrozenModel;
import io.facet.pipelines.artifact.StoredBeside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Model files named by people, which may lie in an artifact. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Opens a model.
   *
   * @throws io.facet.models.DataException if the file is missing, malformed, or not what the
   *     manifest beside it says
   * @throws io.facet.models.RecipeException if it does not say what it is, and the user does not
   *     either
   */
  public static Embedder open(Path file, EmbedderLoader.Described described) throws IOException {
    requireUndamaged(file);
    return EmbedderLoader.open(file, described);
  }

  /**
   * The ONNX program of a model.
   *
   * @throws io.facet.models.DataException as {@link #open}, and if it has no ONNX form
   * @throws io.facet.models.RecipeException as {@link #open}
   */
  public static FrozenModel onnx(Path file, EmbedderLoader.Described described) throws IOException {
    requireUndamaged(file);
    return EmbedderLoader.onnx(file, described);
  }

  private static void requireUndamaged(Path file) throws IOException {
    if (Files.isReadable(file)) {
      StoredBeside.require(file);
    }
  }
}
