package io.facet.transforms.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.embed.FrozenModel;
import io.facet.models.prompt.PromptSet;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.TeacherOutputs;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.shared.StoredTensors;
import java.io.IOException;
import java.util.Optional;

/** Opens a teacher from its files. */
final class TeacherFiles {
  /** Note in a model file that was imported: the digest of its source. */
  static final String IMPORTED = "importedFrom";

  private TeacherFiles() {}

  /**
   * A teacher that runs in each step.
   *
   * @param manager owns what is loaded
   */
  static TeacherOutputs live(TrainingJob.Teacher teacher, MethodNeeds needs, NDManager manager)
      throws IOException {
    ModelFile model = model(teacher.model());
    Network network = model.open(manager);
    if (teacher.promptTokens() == 0) {
      return LiveTeacher.plain(network, model.preprocessing(), needs.teacherTaps());
    }
    if (!(network instanceof PromptableNetwork promptable)) {
      throw new DataException(
          "%s holds a %s, which takes no prompts; choose a transformer teacher such as vit"
              .formatted(teacher.model(), model.backbone().key()));
    }
    PromptSet prompts =
        PromptSet.of(
            promptable,
            teacher.promptTokens(),
            manager,
            StoredTensors.values(teacher.prompts().orElseThrow()));
    boolean trained = needs.teacher() == MethodNeeds.Teacher.PROMPTED;
    return LiveTeacher.prompted(
        network, model.preprocessing(), needs.teacherTaps(), prompts, trained);
  }

  /**
   * The class weights that a teacher's file keeps. A teacher that was trained here always knows the
   * identities of the training set, so theirs are taken for known where a file of former days does
   * not say it.
   *
   * @param set the training set
   */
  static Optional<ClassWeights> classifier(String uri, TrainingSet set) throws IOException {
    byte[] bytes = StoredFiles.read(uri);
    if (FrozenModel.isFrozen(bytes)) {
      return FrozenModel.read(bytes, uri).classifier();
    }
    ModelFile model = ModelFile.read(bytes, uri);
    boolean trainedHere = !model.notes().containsKey(IMPORTED);
    return model
        .classifier()
        .map(
            known ->
                known.identities().isEmpty() && trainedHere
                    ? new ClassWeights(known.width(), known.rows(), set.identityDigest())
                    : known);
  }

  static ModelFile model(String uri) throws IOException {
    return ModelFile.read(StoredFiles.read(uri), uri);
  }
}
