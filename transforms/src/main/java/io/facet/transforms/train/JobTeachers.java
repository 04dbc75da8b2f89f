package io.facet.transforms.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.tensor.Torch;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.NamedTeacher;
import io.facet.models.train.teacher.TeacherOutputs;
import io.facet.models.weights.ClassWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The teachers of a training, opened; a context for as long as it trains. */
final class JobTeachers implements AutoCloseable {
  private final TrainingJob job;
  private final PackedTrainingSet set;
  private final NDManager manager = Torch.newManager();
  private final List<LocalFeatures> caches = new ArrayList<>();

  JobTeachers(TrainingJob job, PackedTrainingSet set) {
    this.job = job;
    this.set = set;
  }

  /** Opens them and gives them to a training, each once. */
  void addTo(TrainingSetup setup) throws IOException, InterruptedException {
    ChosenMethod method = ChosenMethod.of(job.method());
    for (Map.Entry<String, TrainingJob.Teacher> entry : job.teachers().entrySet()) {
      String name = entry.getKey();
      TrainingJob.Teacher files = entry.getValue();
      boolean own =
          job.teacher().equals(Optional.of(name))
              && method.needs().teacher() != MethodNeeds.Teacher.NONE;
      MethodNeeds named = method.namedTeachers().getOrDefault(name, MethodNeeds.none());
      Optional<ClassWeights> classifier = TeacherFiles.classifier(files.model(), set);
      NamedTeacher teacher = open(files, own ? method.needs().and(named) : named, classifier);
      setup.teacher(name, teacher);
      if (own) {
        setup.teacher(teacher.outputs());
        classifier.ifPresent(weights -> setup.teacherClassifier(name, weights));
        teacher.saliency().ifPresent(setup::saliency);
      }
      setup.promptLearningRate(files.promptLearningRate());
    }
  }

  private NamedTeacher open(
      TrainingJob.Teacher files, MethodNeeds needs, Optional<ClassWeights> classifier)
      throws IOException, InterruptedException {
    return new NamedTeacher(
        outputs(files, needs),
        classifier
            .filter(weights -> weights.mismatch(set.classes(), set.identityDigest()).isEmpty())
            .map(ClassWeights::rows),
        saliency(files.saliency()));
  }

  /** Cached ones where the method takes a constant teacher. */
  private TeacherOutputs outputs(TrainingJob.Teacher files, MethodNeeds needs)
      throws IOException, InterruptedException {
    if (needs.teacher() != MethodNeeds.Teacher.CONSTANT || files.features().isEmpty()) {
      return TeacherFiles.live(files, needs, manager);
    }
    LocalFeatures cache = LocalFeatures.open(files.features(), set);
    caches.add(cache);
    return new CachedTeacher(cache.features(), files.promptTokens());
  }

  private static Optional<float[]> saliency(List<Double> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    float[] map = new float[values.size()];
    for (int i = 0; i < map.length; i++) {
      map[i] = values.get(i).floatValue();
    }
    return Optional.of(map);
  }

  @Override
  public void close() throws IOException {
    manager.close();
    for (LocalFeatures cache : caches) {
      cache.close();
    }
  }
}
