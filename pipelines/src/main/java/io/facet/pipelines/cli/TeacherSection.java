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
import io.facet.pipelines.registry.RegisteredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

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
    return of(path, FirstRecipe.quoted(path), Optional.of(FileDigests.sha256(path.toString())));
  }

  /**
   * The same of a registered model: the recipe names it as the user does, without the digest, so
   * that a moved alias is followed.
   */
  static TeacherSection of(RegisteredModel model, String reference) throws IOException {
    return of(model.file(), FirstRecipe.quoted(reference), Optional.empty());
  }

  private static TeacherSection of(Path path, String named, Optional<String> sha256)
      throws IOException {
    EmbedderLoader.Described nothing = RecordBinder.bindJson(EmbedderLoader.Described.class, "{}");
    try (Embedder embedder = ModelFiles.open(path, nothing)) {
      if (embedder instanceof OnnxEmbedder) {
        return frozen("onnx", named, sha256, embedder);
      }
      if (embedder instanceof TorchScriptEmbedder) {
        return frozen("torchscript", named, sha256, embedder);
      }
      return own(path, named, sha256, embedder);
    }
  }

  private static TeacherSection own(
      Path path, String named, Optional<String> sha256, Embedder embedder) throws IOException {
    ModelFile model = ModelFile.read(path);
    return new TeacherSection(
        "%s, a model file of Facet, embeddings of %d numbers"
            .formatted(model.backbone().key(), embedder.embeddingSize()),
        "  - name: teacher\n    backbone: %s\n    weights: {path: %s%s}\n"
            .formatted(
                model.backbone().json(),
                named,
                sha256.map(digest -> ", sha256: " + digest).orElse("")));
  }

  private static TeacherSection frozen(
      String kind, String named, Optional<String> sha256, Embedder embedder) {
    Preprocessing input = embedder.preprocessing();
    return new TeacherSection(
        "%s, embeddings of %d numbers".formatted(kind, embedder.embeddingSize()),
        """
          - name: teacher
            %s:
              path: %s%s
              embedding: %d
              # What the file was trained with; it cannot be read from the file. A wrong one costs
              # accuracy without any error: look it up. Usual ones: mean and deviation 0.5 (ArcFace,
              # AdaFace, EdgeFace), or mean [0.485, 0.456, 0.406] and deviation [0.229, 0.224, 0.225].
              input: {colourOrder: %s, width: %d, height: %d, mean: %s, standardDeviation: %s}
        """
            .formatted(
                kind,
                named,
                sha256.map(digest -> "\n      sha256: " + digest).orElse(""),
                embedder.embeddingSize(),
                input.colourOrder().name().toLowerCase(Locale.ROOT),
                input.width(),
                input.height(),
                input.mean(),
                input.standardDeviation()));
  }
}
