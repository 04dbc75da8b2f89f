package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.SeveralFaces;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.evaluate.NamedSet;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model and how faces are found on photographs. */
final class PhotographOptions {
  @Mixin private ModelFileOptions model;

  @Option(
      names = "--several",
      paramLabel = "WHAT",
      description =
          "What to do with an image of several faces: largest-central (default) or reject.")
  private String several;

  ModelFileOptions model() {
    return model;
  }

  /** How faces are found. */
  AlignOptions align() {
    return AlignOptions.with(
            model
                .detector()
                .map(NamedSet::detector)
                .orElseGet(() -> RecordBinder.select(FaceDetector.class, "none")))
        .with(several());
  }

  /** Opens model and detector. */
  FaceEmbedder open() throws IOException {
    return FaceEmbedder.of(model.open(), align());
  }

  /** Whether the user says what to do with an image of several faces. */
  boolean saysSeveral() {
    return several != null;
  }

  private SeveralFaces several() {
    if (several == null) {
      return SeveralFaces.LARGEST_CENTRAL;
    }
    return switch (several) {
      case "largest-central" -> SeveralFaces.LARGEST_CENTRAL;
      case "reject" -> SeveralFaces.REJECT;
      default ->
          throw new RecipeException(
              "--several: must be largest-central or reject, is '" + several + "'");
    };
  }
}
