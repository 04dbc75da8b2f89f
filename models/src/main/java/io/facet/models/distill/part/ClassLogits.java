package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.head.ClassSample;
import io.facet.models.head.CosFace;
import io.facet.models.head.CosFaceOptions;
import io.facet.models.head.FrozenHead;
import io.facet.models.head.HeadInputs;
import io.facet.models.head.HeadSession;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.SeededHash;
import java.util.function.UnaryOperator;

/**
 * Logits of student and teacher over the training identities: scaled cosines to the class weights
 * of each one's own classifier, with or without a margin on the true class.
 */
public final class ClassLogits {
  private final boolean plain;
  private final double scale;
  private final HeadSession margin;
  private final TeacherClassifier teacher;
  private final int classes;
  private final long seed;

  /**
   * Logits of one batch over the same classes.
   *
   * @param student {@code (B, n)}, with gradients
   * @param teacher {@code (B, n)}
   * @param labels places of the true classes among them, int64 {@code (B)}
   */
  public record Pair(NDArray student, NDArray teacher, NDArray labels) {}

  /**
   * Logits of one session, which needs both classifiers.
   *
   * @param scale factor on the cosines
   * @param margin subtracted from the true class's cosine on both sides, 0 for none
   */
  public ClassLogits(MethodSetup setup, double scale, double margin) {
    this.plain = margin == 0;
    this.scale = scale;
    this.margin = new CosFace().open(new CosFaceOptions(margin, scale));
    this.teacher = TeacherClassifier.of(setup);
    classes = setup.classes();
    seed = SeededHash.seed(setup.seed(), "class logits");
  }

  /**
   * Logits of both sides over a share of the classes: the batch's own and others drawn by seed and
   * step, unless the run has drawn a sample for all its terms.
   *
   * @param rate share in (0, 1]; 1 takes all classes
   */
  public Pair of(StepInputs inputs, double rate) {
    StepInputs shown = sampling(inputs, (int) Math.ceil(rate * classes));
    return new Pair(student(shown), teacher(shown), shown.classLabels().array());
  }

  /**
   * The step with so many classes: the batch's own and others drawn by seed and step. Unchanged if
   * there are no more, or if the run has drawn its own.
   */
  public StepInputs sampling(StepInputs inputs, int wanted) {
    if (wanted >= classes || inputs.classSample().isPresent()) {
      return inputs;
    }
    return inputs.sampling(
        ClassSample.draw(
            inputs.labels().values(), classes, wanted, SeededHash.of(seed, inputs.step())));
  }

  /** Logits of the student, {@code (B, n)}; gradients reach its classifier too. */
  public NDArray student(StepInputs inputs) {
    return logits(
        inputs.student().embedding(),
        L2Normalise.of(inputs.studentClassifier()),
        inputs.classLabels().array());
  }

  /** Logits of the teacher, {@code (B, n)}. */
  public NDArray teacher(StepInputs inputs) {
    return onTeacher(inputs).apply(inputs.teacher().embedding());
  }

  /** What gives logits of embeddings {@code (B, d)} of the teacher's width on its class weights. */
  public UnaryOperator<NDArray> onTeacher(StepInputs inputs) {
    NDArray directions = inputs.ofClasses(teacher.directions());
    NDArray labels = inputs.classLabels().array();
    return embeddings -> logits(embeddings, directions, labels);
  }

  private NDArray logits(NDArray embeddings, NDArray directions, NDArray labels) {
    NDArray cosines = FrozenHead.cosines(embeddings, directions);
    if (plain) {
      return cosines.mul(scale);
    }
    return margin.logits(new HeadInputs(cosines, embeddings, labels));
  }
}
