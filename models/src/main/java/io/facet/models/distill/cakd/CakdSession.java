package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.distill.TermLosses;
import io.facet.models.head.FrozenHead;
import io.facet.models.prompt.PromptMode;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** CAKD at work: projections of both taps, one shared field and attention, and the alarms. */
final class CakdSession extends MethodSession {
  static final String TAP = "last";

  /** Below this standard deviation over the batch, local outputs no longer tell faces apart. */
  private static final double COLLAPSED = 1e-3;

  private static final int COLLAPSE_CHECK_EVERY = 10;

  private final CakdOptions options;
  private final Weight studentProjection;
  private final Weight teacherProjection;
  private final UnifiedReceptiveField field;
  private final LocalAttention attention;
  private final int[] studentRows;
  private final int[] teacherRows;
  private final FrozenHead teacherHead;

  /** Present if the teacher has an identity term. */
  private final Optional<TeacherClassifier> teacherClasses;

  private final Map<String, String> alarms = new LinkedHashMap<>();

  CakdSession(CakdOptions options, MethodSetup setup) {
    this.options = options;
    if (options.width() % options.heads() != 0) {
      throw new RecipeException(
          "cakd: width %d is no multiple of heads %d".formatted(options.width(), options.heads()));
    }
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
                options.pePlacement()));
    attention = child("attention", new LocalAttention(options.width(), options.heads()));
    if (options.pePlacement() == PositionPlacement.QUERY) {
      studentRows = buckets.ofQueries();
      teacherRows = studentRows;
    } else {
      studentRows = buckets.ofTokens((int) student.get(0), 0);
      teacherRows = buckets.ofTokens((int) teacher.get(0), setup.promptTokens());
    }
    teacherHead = child("teacherHead", new FrozenHead(options.teacherHead()));
    teacherClasses = teacherClasses(setup);
  }

  private Optional<TeacherClassifier> teacherClasses(MethodSetup setup) {
    if (options.prompts() != PromptMode.JOINT || options.lamT() == 0) {
      return Optional.empty();
    }
    if (setup.teacherClassifier().isEmpty()) {
      alarms.put(
          "teacher-identity",
          "cakd: the teacher has no classifier for these identities, so its prompts train without an identity term (lamT is not used)");
      return Optional.empty();
    }
    return Optional.of(TeacherClassifier.of(setup));
  }

  private Weight projection(String name, long from) {
    return matrix(name, Initialiser.normal(1 / Math.sqrt(from)), from, options.width());
  }

  private static Shape tokens(Shape tap) {
    return tap.dimension() == 3 ? new Shape(tap.get(1) * tap.get(2), tap.get(0)) : tap;
  }

  /** Maps {@code (B, C, H, W)} become tokens {@code (B, H W, C)}, row by row; tokens stay. */
  private static NDArray tokens(NDArray tap) {
    Shape shape = tap.getShape();
    return shape.dimension() == 4
        ? tap.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3)).transpose(0, 2, 1)
        : tap;
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
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
    if (inputs.step() % COLLAPSE_CHECK_EVERY == 0) {
      warnOfCollapse("student", student.outputs());
      warnOfCollapse("teacher", teacher.outputs());
    }
    TermLosses terms =
        new TermLosses()
            .add("attention", options.lamA(), teacher.attentionLoss(student))
            .add("local", options.lamF(), teacher.featureLoss(student));
    teacherClasses.ifPresent(
        classes ->
            terms.add(
                "teacher_identity",
                options.lamT(),
                teacherHead.loss(
                    inputs.teacher().embedding(), classes.directions(), inputs.labels())));
    return terms;
  }

  private LocalAttention.Attended attend(NDArray tap, Weight projection, int[] rows) {
    return attention.forward(field.forward(tokens(tap).matMul(projection.array()), rows));
  }

  private void warnOfCollapse(String side, NDArray outputs) {
    if (outputs.getShape().get(0) < 2) {
      return;
    }
    float deviation = TorchOps.variance(outputs.stopGradient(), 0).sqrt().mean().getFloat();
    if (deviation < COLLAPSED) {
      alarms.put(
          "collapse-" + side,
          "cakd: the %s's local outputs are nearly equal for all faces (standard deviation %.2g); raise identityWeight or lower lamF"
              .formatted(side, deviation));
    }
  }

  @Override
  public Map<String, String> alarms() {
    Map<String, String> raised = new LinkedHashMap<>(alarms);
    alarms.clear();
    return raised;
  }
}
