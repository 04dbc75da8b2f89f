package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import io.facet.models.head.CosFace;
import io.facet.models.head.CosFaceOptions;
import io.facet.models.head.HeadInputs;
import io.facet.models.head.HeadSession;
import io.facet.models.head.IdentityHead;

/**
 * Logits of student and teacher over the training identities: scaled cosines to the class weights
 * of each one's own classifier, with or without a margin on the true class.
 */
final class ClassLogits {
  private final HeadSession margin;
  private final TeacherClassifier teacher;

  /**
   * Logits of one session, which needs both classifiers.
   *
   * @param scale factor on the cosines
   * @param margin subtracted from the true class's cosine on both sides, 0 for none
   */
  ClassLogits(MethodSetup setup, double scale, double margin) {
    this.margin = new CosFace().open(new CosFaceOptions(margin, scale));
    this.teacher = TeacherClassifier.of(setup);
  }

  /** Logits of the student, {@code (B, C)}; gradients reach its classifier too. */
  NDArray student(StepInputs inputs) {
    return IdentityHead.logits(
        margin, inputs.student().embedding(), inputs.studentClassifier(), inputs.labels());
  }

  /** Logits of the teacher, {@code (B, C)}. */
  NDArray teacher(StepInputs inputs) {
    NDArray embeddings = inputs.teacher().embedding();
    return margin.logits(new HeadInputs(teacher.cosines(embeddings), embeddings, inputs.labels()));
  }
}
