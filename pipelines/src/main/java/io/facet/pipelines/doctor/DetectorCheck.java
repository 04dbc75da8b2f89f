package io.facet.pipelines.doctor;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceAligner;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.file.LocalCopies;

/**
 * The face detector of a recipe: its weights are those the recipe names, and they load.
 *
 * @param recipe whose {@code align} section is looked at
 */
public record DetectorCheck(Recipe recipe) implements Check {
  private static final int DIGEST_LETTERS = 12;

  @Override
  public String name() {
    return "detector";
  }

  @Override
  public String look() {
    AlignOptions options =
        recipe.align().withFiles(path -> LocalCopies.of(recipe.data().resolve(path)));
    try (FaceAligner aligner = FaceAligner.open(options)) {
      String digest =
          RecordBinder.toTree(aligner.options().detector().options()).path("sha256").asText("");
      return aligner.options().detector().key()
          + " loads"
          + (digest.isEmpty()
              ? ""
              : ", SHA-256 %s... as the recipe says"
                  .formatted(digest.substring(0, Math.min(DIGEST_LETTERS, digest.length()))));
    }
  }

  @Override
  public String cure() {
    return "YuNet's weights (yunet_n_dynamic.onnx) come with the project"
        + " ShiqiYu/libfacedetection.train; put the file where align.detector.yunet.model says";
  }
}
