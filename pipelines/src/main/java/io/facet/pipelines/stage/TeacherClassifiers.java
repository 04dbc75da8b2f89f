package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.recipe.TeacherClassifierRecipe;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.train.ClassifierImport;
import io.facet.transforms.train.ForeignClassifier;
import io.facet.transforms.train.KeptClassifier;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Class weights of imported teachers: found and checked as far as a plan can know. */
final class TeacherClassifiers {
  private TeacherClassifiers() {}

  /** Artifacts whose identities decide which rows an import keeps. */
  static List<String> dependencies(TeacherRecipe teacher) {
    return teacher.classifier().isPresent()
        ? List.of(Stages.INGEST, Stages.ALIGN, Stages.PACK)
        : List.of();
  }

  /**
   * Adds the digests of given class weights and their names.
   *
   * @param width of the teacher's embeddings
   * @throws DataException if the files are missing or malformed, or do not fit each other or width
   */
  static FingerprintInputs addTo(
      FingerprintInputs inputs, TeacherRecipe teacher, int width, PlanContext context) {
    if (teacher.classifier().isEmpty()) {
      return inputs;
    }
    TeacherClassifierRecipe classifier = teacher.classifier().get();
    ForeignClassifier source = source(classifier, context);
    inputs
        .content("classifier", WeightsFiles.sha256(classifier.file(), context))
        .option("classifier.namespace", classifier.namespace());
    classifier.tensor().ifPresent(tensor -> inputs.option("classifier.tensor", tensor));
    try {
      source.read(width);
      return inputs.content("classifier.names", Sha256.hex(StoredFiles.read(source.names())));
    } catch (IOException e) {
      throw new InfrastructureException(
          "%s or %s cannot be read: %s".formatted(source.weights(), source.names(), e.getMessage()),
          e);
    }
  }

  /**
   * Refuses a teacher whose class weights are read but neither given nor in its own file.
   *
   * @throws DataException naming teacher, reader and cure
   */
  static void requireKept(TeacherRecipe teacher, WeightsRecipe weights, PlanContext context) {
    Optional<String> reader = ClassifierReaders.first(context.recipe(), teacher.name());
    if (teacher.classifier().isPresent() || reader.isEmpty()) {
      return;
    }
    String uri = WeightsFiles.uri(weights, context);
    try {
      Optional<String> fault = KeptClassifier.fault(uri);
      if (fault.isPresent()) {
        throw new DataException(
            "teacher '%s': %s reads its class weights, but %s %s; give the teacher classifier: {path: FILE, names: FILE}, or choose a method that reads embeddings alone"
                .formatted(teacher.name(), reader.get(), uri, fault.get()));
      }
    } catch (IOException e) {
      throw new InfrastructureException(uri + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Given class weights as a worker gets them. */
  static Optional<ClassifierImport> job(StageContext context, TeacherRecipe teacher) {
    if (teacher.classifier().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClassifierImport(
            source(teacher.classifier().get(), context.plan()), PackStage.files(context)));
  }

  private static ForeignClassifier source(TeacherClassifierRecipe classifier, PlanContext context) {
    return new ForeignClassifier(
        WeightsFiles.uri(classifier.file(), context),
        classifier.tensor(),
        context.recipe().data().resolve(classifier.names()),
        classifier.namespace());
  }
}
