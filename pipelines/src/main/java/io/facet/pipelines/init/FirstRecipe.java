package io.facet.pipelines.init;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text of a first recipe, with comments that say what to change.
 *
 * @param name of the recipe, letters, digits, '.', '_' and '-'
 * @param survey of the folder
 * @param heldOut people that are never trained on
 * @param pairs file of their pairs
 * @param except file of their names
 * @param detector YuNet's weights; absent for aligned faces
 * @param teacher the section of the teacher, indented by four; absent without a teacher
 */
public record FirstRecipe(
    String name,
    FolderSurvey survey,
    HeldOutPeople heldOut,
    Path pairs,
    Path except,
    Optional<Path> detector,
    Optional<String> teacher) {
  private static final int SMALL = 2_000;
  private static final int IMAGE_STEPS = 20_000;
  private static final int LEAST_EPOCHS = 4;
  private static final int MOST_EPOCHS = 30;
  private static final int FEW_PEOPLE = 50;

  private static final String NO_TEACHER =
      """
      # A strong teacher is what Facet is for; 'facet init FOLDER --teacher FILE.onnx' adds one.
      """;

  /** Images left for training and validation. */
  public int trainingImages() {
    return survey.images() - heldOut.images();
  }

  /** Passes over the training images: about 20,000 image-steps, 4 to 30 epochs. */
  public int epochs() {
    int wanted = (IMAGE_STEPS + trainingImages() - 1) / trainingImages();
    return Math.max(LEAST_EPOCHS, Math.min(MOST_EPOCHS, wanted));
  }

  /** As YAML. */
  public String yaml() {
    int trainingPeople = survey.people().size() - heldOut.names().size();
    return """
        # A first recipe for %s
        # (%s).
        # All keys: infra/docs/recipes.md; an editor completes them with infra/recipes/recipe.schema.json.
        name: %s
        seed: 1                  # of everything random

        data:
          train:                 # %d people; those of the verification set are left out
            - folder: {path: %s, except: %s}
          validation: {share: %s}  # people who are not trained on either, for choices such as a rate
          verification:          # %d pairs of %d people, looked at for the results alone
            - {name: %s, source: {csv-pairs: {pairs: %s, images: %s}}}

        align:
        %s

        %s
        distill:
        %s  student: {mobilefacenet: {width: 0.5}}   # 0.4 M parameters; see 'facet methods' for others
          # From nothing. Public weights are a far better start where you have them: 'initial' in
          # infra/docs/own-data.md.
          epochs: %d
          batchSize: %d
          optimiser: {adamw: {}}
          learningRate: 0.002
          warmUpEpochs: 0.5
          head: {cosface: {margin: 0, scale: 16}}
          seeds: [1]             # [1, 2, 3] to know how much is chance
          methods:               # 'facet methods' lists them all
            - none               # the student alone: what every method is compared with
        %s
        evaluate:
          baseline: none
        """
        .formatted(
            survey.folder(),
            survey.describe(),
            name,
            trainingPeople,
            quoted(survey.folder()),
            quoted(except),
            trainingPeople < FEW_PEOPLE ? "0.2" : "0.1",
            heldOut.pairs().size(),
            heldOut.names().size(),
            name,
            quoted(pairs),
            quoted(survey.folder()),
            alignSection(),
            teacher.map(text -> "teachers:\n" + text).orElse(NO_TEACHER),
            teacher.isPresent() ? "  teacher: teacher\n" : "",
            epochs(),
            trainingImages() < SMALL ? 32 : 64,
            teacher.isPresent() ? "    - feature-consistency: {weight: 4}\n" : "");
  }

  private String alignSection() {
    return detector
        .map(
            model ->
                "  detector:              # finds the face and five landmarks; crops are 112x112 pixels\n"
                    + "    yunet: {model: %s}".formatted(quoted(model)))
        .orElse(
            "  detector: none         # the images are aligned faces of 112x112 pixels already");
  }

  /** Text that YAML reads back as it is. */
  public static String quoted(Object text) {
    return TextNode.valueOf(text.toString()).toString();
  }
}
