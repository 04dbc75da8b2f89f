package io.facet.transforms.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.embed.FrozenModel;
import io.facet.models.prompt.PromptSet;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.ScratchFeatures;
import io.facet.models.train.teacher.TeacherOutputs;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.shared.StoredTensors;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Opens a teacher from its files: cached outputs where the method takes a constant one. */
final class TeacherFiles {
  /** Note in a model file that was imported: the digest of its source. */
  static final String IMPORTED = "importedFrom";

  private TeacherFiles() {}

  /**
   * The teacher's outputs for a training set.
   *
   * @param features of the set, filled if the teacher is cached
   * @param manager owns what is loaded
   */
  static TeacherOutputs open(
      TrainingJob.Teacher teacher, MethodNeeds needs, ScratchFeatures features, NDManager manager)
      throws IOException {
    if (needs.teacher() == MethodNeeds.Teacher.CONSTANT && !teacher.features().isEmpty()) {
      return new CachedTeacher(filled(features, teacher), teacher.promptTokens());
    }
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

  private static ScratchFeatures filled(ScratchFeatures features, TrainingJob.Teacher teacher) {
    try (ParquetTable.Rows<FeatureRow> rows =
        ParquetTable.read(FeatureRow.class, teacher.features())) {
      for (FeatureRow row : rows) {
        long[] shape = Arrays.stream(row.shape()).asLongStream().toArray();
        features.put(
            row.faceId(),
            row.view() == FeatureRow.MIRRORED,
            row.tap(),
            new Shape(shape),
            row.values());
      }
    }
    return features;
  }
}
