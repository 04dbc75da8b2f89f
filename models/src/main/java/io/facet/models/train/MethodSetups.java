package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TeacherSide;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a run tells its method about itself. */
final class MethodSetups {
  private MethodSetups() {}

  /**
   * The setup of a method that needs what it says.
   *
   * @param root manager of all that outlives a step
   */
  static MethodSetup of(TrainingSetup setup, NDManager root, Network student) {
    MethodNeeds needs = setup.method().needs();
    Optional<TeacherOutputs> teacher = setup.teacher();
    Map<String, Shape> taps = new LinkedHashMap<>(student.taps());
    taps.keySet().retainAll(needs.studentTaps());
    Map<String, TeacherSide> named = new LinkedHashMap<>();
    setup.namedTeachers().forEach((name, given) -> named.put(name, given.side()));
    return new MethodSetup(
        root,
        setup.device(),
        SeededHash.seed(setup.seed(), "method"),
        setup.set().classes(),
        student.embeddingSize(),
        teacher.map(TeacherOutputs::embeddingSize).orElse(0),
        taps,
        teacher.map(TeacherOutputs::taps).orElse(Map.of()),
        setup.teacherClassifier(),
        setup.saliency(),
        teacher.map(TeacherOutputs::promptTokens).orElse(0),
        setup.set().size(),
        setup.set()::label,
        named);
  }
}
