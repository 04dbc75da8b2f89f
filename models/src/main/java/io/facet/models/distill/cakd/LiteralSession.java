package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.prompt.PromptMode;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Weight;

/**
 * CAKD read literally: both terms train all that is shared, and both projections, from both sides.
 * They can be solved without the student (all outputs equal), which the alarm tells.
 */
final class LiteralSession extends CakdSession {
  private static final String CURE =
      "these terms train the shared field themselves: take form: anchored";

  private final CakdOptions options;
  private final Weight studentProjection;
  private final Weight teacherProjection;
  private final UnifiedReceptiveField field;
  private final LocalAttention attention;
  private final int[] studentRows;
  private final int[] teacherRows;

  LiteralSession(CakdOptions options, MethodSetup setup) {
    super(options, setup);
    this.options = options;
    Shape student = tokens(setup.studentTaps().get(TAP));
    Shape teacher = tokens(setup.teacherTaps().get(TAP));
    studentProjection = projection("studentProjection", student.get(1));
    teacherProjection = projection("teacherProjection", teacher.get(1));
    PositionBuckets buckets = new PositionBuckets(options, setup.saliency());
    field =
        child(
            "field",
            new UnifiedReceptiveField(
                options.locals(),
                options.width(),
                options.heads(),
                buckets.tableRows(),
                buckets.nearest(),
                options.pePlacement()));
    attention = child("attention", new LocalAttention(options.width(), options.heads()));
    studentRows = buckets.rows((int) student.get(0), 0);
    teacherRows = buckets.rows((int) teacher.get(0), setup.promptTokens());
  }

  private Weight projection(String name, long from) {
    return matrix(name, Initialiser.normal(1 / Math.sqrt(from)), from, options.width());
  }

  @Override
  TermLosses compare(StepInputs inputs) {
    LocalAttention.Attended student =
        attend(inputs.student().tap(TAP), studentProjection, studentRows);
    NDArray teacherTap = inputs.teacher().tap(TAP);
    LocalAttention.Attended teacher =
        attend(
            options.prompts() == PromptMode.JOINT ? teacherTap : teacherTap.stopGradient(),
            teacherProjection,
            teacherRows);
    if (options.aptGradient() == AptGradient.STUDENT_ONLY) {
      teacher = teacher.constant();
    }
    watch(inputs, "student", student.outputs(), CURE);
    watch(inputs, "teacher", teacher.outputs(), CURE);
    return new TermLosses()
        .add("attention", options.attentionWeight(), teacher.attentionLoss(student))
        .add("local", options.localWeight(), teacher.featureLoss(student));
  }

  private LocalAttention.Attended attend(NDArray tap, Weight projection, int[] rows) {
    return attention.forward(field.forward(tokens(tap).matMul(projection.array()), rows));
  }
}
