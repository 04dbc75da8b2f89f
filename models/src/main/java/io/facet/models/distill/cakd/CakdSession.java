package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.distill.TermLosses;
import io.facet.models.head.FrozenHead;
import io.facet.models.prompt.PromptMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What every form of CAKD has: tokens of both taps, the teacher's identity term, the alarms. */
abstract class CakdSession extends MethodSession {
  static final String TAP = "last";

  private static final int COLLAPSE_CHECK_EVERY = 10;

  private final CakdOptions options;
  private final FrozenHead teacherHead;

  /** Present if the teacher has an identity term. */
  private final Optional<TeacherClassifier> teacherClasses;

  private final CollapseWatch watch = new CollapseWatch();
  private final Map<String, String> alarms = new LinkedHashMap<>();

  CakdSession(CakdOptions options, MethodSetup setup) {
    this.options = options;
    teacherHead = child("teacherHead", new FrozenHead(options.teacherHead()));
    teacherClasses = teacherClasses(setup);
  }

  static CakdSession open(CakdOptions options, MethodSetup setup) {
    return options.form() == CakdForm.LITERAL
        ? new LiteralSession(options, setup)
        : new AnchoredSession(options, setup);
  }

  private Optional<TeacherClassifier> teacherClasses(MethodSetup setup) {
    if (options.prompts() != PromptMode.JOINT || options.teacherIdentityWeight() == 0) {
      return Optional.empty();
    }
    if (setup.teacherClassifier().isEmpty()) {
      alarms.put(
          "teacher-identity",
          "cakd: the teacher has no classifier for these identities, so its prompts train without an identity term (teacherIdentityWeight is not used)");
      return Optional.empty();
    }
    return Optional.of(TeacherClassifier.of(setup));
  }

  /** Number and width of the tokens of a tap without batch axis. */
  static Shape tokens(Shape tap) {
    return tap.dimension() == 3 ? new Shape(tap.get(1) * tap.get(2), tap.get(0)) : tap;
  }

  /** Maps {@code (B, C, H, W)} become tokens {@code (B, H W, C)}, row by row; tokens stay. */
  static NDArray tokens(NDArray tap) {
    Shape shape = tap.getShape();
    return shape.dimension() == 4
        ? tap.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3)).transpose(0, 2, 1)
        : tap;
  }

  /** The terms between both sides. */
  abstract TermLosses compare(StepInputs inputs);

  @Override
  public final TermLosses losses(StepInputs inputs) {
    TermLosses terms = compare(inputs);
    if (teacherClasses.isPresent()) {
      inputs
          .labelled()
          .ifPresent(
              labelled ->
                  terms.add(
                      "teacher_identity", options.teacherIdentityWeight(), identity(labelled)));
    }
    return terms;
  }

  private NDArray identity(StepInputs labelled) {
    return teacherHead.loss(
        labelled.teacher().embedding(),
        labelled.ofClasses(teacherClasses.orElseThrow().directions()),
        labelled.classLabels().array());
  }

  /** Raises an alarm if outputs tell faces apart ten times less than at first. */
  final void watch(StepInputs inputs, String side, NDArray outputs, String cure) {
    if (inputs.step() % COLLAPSE_CHECK_EVERY != 0) {
      return;
    }
    watch
        .collapsed(side, outputs)
        .ifPresent(
            share ->
                alarms.put(
                    "collapse-" + side,
                    "cakd: the %s's local outputs hardly differ between faces any more (standard deviation %.2g times that of the start); %s"
                        .formatted(side, share, cure)));
  }

  @Override
  public Map<String, String> alarms() {
    Map<String, String> raised = new LinkedHashMap<>(alarms);
    alarms.clear();
    return raised;
  }

  @Override
  public Map<String, double[]> state() {
    return watch.state();
  }

  @Override
  public void restore(Map<String, double[]> state) {
    watch.restore(state);
  }
}
