package io.facet.models.distill;

import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A method with its options, ready to open. */
public final class ChosenMethod {
  private final DistillationMethod<Record> method;
  private final Record options;
  private final List<MethodPart> parts;
  private final Map<String, MethodNeeds> namedTeachers;

  @SuppressWarnings("unchecked") // the options come from the same extension
  private ChosenMethod(DistillationMethod<?> method, Record options) {
    this.method = (DistillationMethod<Record>) method;
    this.options = method.optionsType().cast(options);
    parts = this.method.parts(options).stream().flatMap(ChosenMethod::single).toList();
    namedTeachers = namedTeachers(parts);
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

  /** What it needs of the run's own teacher and of the student. */
  public MethodNeeds needs() {
    return method.needs(options);
  }

  /** What it needs of each teacher that its options name, in their order. */
  public Map<String, MethodNeeds> namedTeachers() {
    return namedTeachers;
  }

  private static Map<String, MethodNeeds> namedTeachers(List<MethodPart> parts) {
    Map<String, MethodNeeds> needs = new LinkedHashMap<>();
    for (MethodPart part : parts) {
      part.teacher()
          .ifPresent(
              name -> needs.merge(name, ChosenMethod.of(part.method()).needs(), MethodNeeds::and));
    }
    needs.values().removeIf(need -> need.teacher() == MethodNeeds.Teacher.NONE);
    return Collections.unmodifiableMap(needs);
  }

  /**
   * The single methods it is made of, each with the teacher that is named for it; nothing if it is
   * one method.
   */
  public List<MethodPart> parts() {
    return parts;
  }

  /** The part itself, or the single methods that it is made of. */
  public static Stream<MethodPart> single(MethodPart part) {
    List<MethodPart> inner = ChosenMethod.of(part.method()).parts();
    return inner.isEmpty()
        ? Stream.of(part)
        : inner.stream().map(one -> new MethodPart(one.method(), one.teacher().or(part::teacher)));
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
   * Name of the teacher whose class weights the student's head takes, if it takes some; empty: the
   * run's own.
   */
  public Optional<String> headTeacher() {
    return parts.stream()
        .max(Comparator.comparing(part -> ChosenMethod.of(part.method()).studentHead()))
        .flatMap(MethodPart::teacher);
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
