package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.RejectReason;
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
      defaultValue = "largest-central",
      description =
          "What to do with an image of several faces: largest-central or reject (default:"
              + " ${DEFAULT-VALUE}).")
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

  private SeveralFaces several() {
    return switch (several) {
      case "largest-central" -> SeveralFaces.LARGEST_CENTRAL;
      case "reject" -> SeveralFaces.REJECT;
      default ->
          throw new RecipeException(
              "--several: must be largest-central or reject, is '" + several + "'");
    };
  }

  /** Why an image gave no face, and the cure if there is one. */
  static String explained(Rejected rejected) {
    String cure = rejected.reason() == RejectReason.NOT_ALIGNED ? "; add --detector" : "";
    return "%s: %s%s".formatted(rejected.reason().key(), rejected.detail(), cure);
  }
}
