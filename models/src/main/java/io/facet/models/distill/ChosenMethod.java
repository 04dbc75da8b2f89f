package io.facet.models.distill;

import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.util.stream.IntStream;

/** A method with its options, ready to open. */
public final class ChosenMethod {
  private final DistillationMethod<Record> method;
  private final Record options;

  @SuppressWarnings("unchecked") // the options come from the same extension
  private ChosenMethod(DistillationMethod<?> method, Record options) {
    this.method = (DistillationMethod<Record>) method;
    this.options = method.optionsType().cast(options);
  }

  /** The method a recipe chose. */
  public static ChosenMethod of(Selected<? extends DistillationMethod<?>> selected) {
    return new ChosenMethod(selected.extension(), selected.options());
  }

  /** A method in code rather than from a recipe. */
  public static <O extends Record> ChosenMethod of(DistillationMethod<O> method, O options) {
    return new ChosenMethod(method, options);
  }

  /** The method's key. */
  public String key() {
    return method.key();
  }

  /** Where it comes from; {@code reconstructed} comes first if some of it is. */
  public String source() {
    return method.source(options);
  }

  /** What it needs of teacher and student. */
  public MethodNeeds needs() {
    return method.needs(options);
  }

  /** Weight of the identity term; 0: no head. */
  public double identityWeight() {
    return method.identityWeight(options);
  }

  /** Whether the teacher must have been trained near a smaller proxy of the student. */
  public boolean proxyTrainedTeacher() {
    return method.proxyTrainedTeacher(options);
  }

  /** Where the class weights of the student's head come from. */
  public StudentHead studentHead() {
    return method.studentHead(options);
  }

  /**
   * Refuses outputs the method cannot work on.
   *
   * @throws io.facet.models.RecipeException if the shapes cannot be served
   */
  public void check(OutputShapes shapes) {
    method.check(options, shapes);
  }

  /** Whether its own terms read labels. */
  public boolean readsLabels() {
    return method.readsLabels(options);
  }

  /** A session for one run; a method that reads labels sees the labelled crops alone. */
  public MethodSession open(MethodSetup setup) {
    MethodSession session = method.open(options, setup);
    boolean mixed =
        readsLabels()
            && !session.leavesOutUnlabelled()
            && IntStream.range(0, setup.samples()).anyMatch(i -> setup.labels().applyAsInt(i) < 0);
    return mixed ? new LabelledSession(session) : session;
  }

  /** Key, version and options, for fingerprints. */
  public String identity() {
    return method.key() + "@" + method.version() + RecordBinder.toIdentityJson(options);
  }
}
