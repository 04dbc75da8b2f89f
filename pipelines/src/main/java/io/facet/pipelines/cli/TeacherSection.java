package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.embed.OnnxEmbedder;
import io.facet.models.embed.TorchScriptEmbedder;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.evaluate.ModelFiles;
import io.facet.pipelines.init.FirstRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A teacher file as a section of a recipe.
 *
 * @param describe one line for people
 * @param yaml an element of {@code teachers}, indented by two
 */
record TeacherSection(String describe, String yaml) {

  /**
   * Opens the file to see what it is.
   *
   * @throws io.facet.models.DataException if it is missing or damaged
   * @throws RecipeException if it holds weights that do not say of which network
   */
  static TeacherSection of(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    EmbedderLoader.Described nothing = RecordBinder.bindJson(EmbedderLoader.Described.class, "{}");
    try (Embedder embedder = ModelFiles.open(path, nothing)) {
      if (embedder instanceof OnnxEmbedder) {
        return frozen("onnx", path, embedder);
      }
      if (embedder instanceof TorchScriptEmbedder) {
        return frozen("torchscript", path, embedder);
      }
      return own(path, embedder);
    }
  }

  private static TeacherSection own(Path path, Embedder embedder) throws IOException {
    ModelFile model = ModelFile.read(path);
    return new TeacherSection(
        "%s, a model file of Facet, embeddings of %d numbers"
            .formatted(model.backbone().key(), embedder.embeddingSize()),
        "  - name: teacher\n    backbone: %s\n    weights: {path: %s, sha256: %s}\n"
            .formatted(
                model.backbone().json(),
                FirstRecipe.quoted(path),
                FileDigests.sha256(path.toString())));
  }

  private static TeacherSection frozen(String kind, Path path, Embedder embedder)
      throws IOException {
    Preprocessing input = embedder.preprocessing();
    return new TeacherSection(
        "%s, embeddings of %d numbers".formatted(kind, embedder.embeddingSize()),
        """
          - name: teacher
            %s:
              path: %s
              sha256: %s
              embedding: %d
              # What the file was trained with; it cannot be read from the file. A wrong one costs
              # accuracy without any error: look it up. Usual ones: mean and deviation 0.5 (ArcFace,
              # AdaFace, EdgeFace), or mean [0.485, 0.456, 0.406] and deviation [0.229, 0.224, 0.225].
              input: {colourOrder: %s, width: %d, height: %d, mean: %s, standardDeviation: %s}
        """
            .formatted(
                kind,
                FirstRecipe.quoted(path),
                FileDigests.sha256(path.toString()),
                embedder.embeddingSize(),
                input.colourOrder().name().toLowerCase(Locale.ROOT),
                input.width(),
                input.height(),
                input.mean(),
                input.standardDeviation()));
  }
}
