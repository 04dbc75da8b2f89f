package io.facet.models.distill.method;

import com.google.auto.service.AutoService;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodPart;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.StartingFaces;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.StudentHead;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.Selected;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several methods in one run: their terms are added together, each method with a weight, and each,
 * if wanted, with a teacher of its own.
 *
 * <p>{@code loss = sum_k weight_k terms_k}.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "sum",
    version = 1,
    summary = "several methods added together, each with a weight and, if wanted, a teacher")
public final class Sum implements DistillationMethod<Sum.Options> {
  private static final String RECONSTRUCTED = "reconstructed";

  /** Options of the method. */
  public record Options(
      @Description("methods to add, each with its options; their own identity weights are not used")
          List<Selected<DistillationMethod<?>>> methods,
      @Description(
              value = "factor on all terms of each method, in their order; empty: 1 for all",
              range = "[0, inf)",
              defaultValue = "[]")
          List<Double> weights,
      @Description(
              value =
                  "names of the teachers that the methods learn from, in their order; empty: the run's own for all",
              defaultValue = "[]")
          List<String> teachers,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {

    /**
     * Options that fit together.
     *
     * @throws IllegalArgumentException if there is no method, weights or teachers are of another
     *     number, one method takes a teacher as a constant and another trains its prompts, prompts
     *     of two teachers would be trained, or two teachers would give the student's class weights
     */
    public Options {
      check(methods, weights, teachers);
    }

    double weight(int method) {
      return weights.isEmpty() ? 1 : weights.get(method);
    }

    Optional<String> teacher(int method) {
      return teachers.isEmpty() ? Optional.empty() : Optional.of(teachers.get(method));
    }
  }

  /** The sources of all methods; {@code reconstructed} comes first if some of them are. */
  @Override
  public String source(Options options) {
    List<String> sources =
        options.methods().stream()
            .map(ChosenMethod::of)
            .map(method -> method.key() + ": " + method.source())
            .toList();
    boolean reconstructed = sources.stream().anyMatch(text -> text.contains(": " + RECONSTRUCTED));
    return (reconstructed ? RECONSTRUCTED + " in part; " : "") + String.join("; ", sources);
  }

  @Override
  public boolean readsLabels(Options options) {
    return options.methods().stream().anyMatch(method -> ChosenMethod.of(method).readsLabels());
  }

  @Override
  public List<MethodPart> parts(Options options) {
    return parts(options.methods(), options.teachers());
  }

  private static List<MethodPart> parts(
      List<Selected<DistillationMethod<?>>> methods, List<String> teachers) {
    return IntStream.range(0, methods.size())
        .mapToObj(
            i ->
                new MethodPart(
                    methods.get(i),
                    teachers.isEmpty() ? Optional.empty() : Optional.of(teachers.get(i))))
        .toList();
  }

  /** Of the run's own teacher what the methods need that name no other; of the student all. */
  @Override
  public MethodNeeds needs(Options options) {
    return parts(options).stream()
        .map(Sum::needsOfOwnTeacher)
        .reduce(MethodNeeds.none(), MethodNeeds::and);
  }

  private static MethodNeeds needsOfOwnTeacher(MethodPart part) {
    MethodNeeds needs = ChosenMethod.of(part.method()).needs();
    return part.teacher().isPresent() ? needs.ofStudent() : needs;
  }

  /** Refuses methods, weights and teachers as {@link Options} says. */
  static void check(
      List<Selected<DistillationMethod<?>>> methods, List<Double> weights, List<String> teachers) {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("methods is empty: name the methods to add");
    }
    if (!weights.isEmpty() && weights.size() != methods.size()) {
      throw new IllegalArgumentException(
          "%d methods have %d weights: give one each, or none"
              .formatted(methods.size(), weights.size()));
    }
    if (!teachers.isEmpty() && teachers.size() != methods.size()) {
      throw new IllegalArgumentException(
          "%d methods have %d teachers: name one for each, or none"
              .formatted(methods.size(), teachers.size()));
    }
    List<MethodPart> parts =
        parts(methods, teachers).stream().flatMap(ChosenMethod::single).toList();
    checkPrompts(parts);
    checkHead(parts);
  }

  private static void checkPrompts(List<MethodPart> parts) {
    Map<Optional<String>, MethodNeeds> needs = new LinkedHashMap<>();
    for (MethodPart part : parts) {
      // refuses a teacher that cannot be both constant and trained
      needs.merge(part.teacher(), ChosenMethod.of(part.method()).needs(), MethodNeeds::and);
    }
    long prompted =
        needs.values().stream()
            .filter(need -> need.teacher() == MethodNeeds.Teacher.PROMPTED)
            .count();
    if (prompted > 1) {
      throw new IllegalArgumentException(
          "prompts of %d teachers would be trained: let the methods of one of them train prompts"
              .formatted(prompted));
    }
  }

  private static void checkHead(List<MethodPart> parts) {
    Set<Optional<String>> lenders =
        parts.stream()
            .filter(part -> ChosenMethod.of(part.method()).studentHead() != StudentHead.OWN)
            .map(MethodPart::teacher)
            .collect(Collectors.toSet());
    if (lenders.size() > 1) {
      throw new IllegalArgumentException(
          "the student's class weights cannot come from %d teachers: set studentHead: own for the methods of all but one"
              .formatted(lenders.size()));
    }
  }

  @Override
  public boolean proxyTrainedTeacher(Options options) {
    return options.methods().stream()
        .anyMatch(method -> ChosenMethod.of(method).proxyTrainedTeacher());
  }

  /** The most that one of the methods asks for. */
  @Override
  public StudentHead studentHead(Options options) {
    return options.methods().stream()
        .map(method -> ChosenMethod.of(method).studentHead())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Of the methods that name no other teacher. */
  @Override
  public void check(Options options, OutputShapes shapes) {
    parts(options).stream()
        .filter(part -> part.teacher().isEmpty())
        .forEach(part -> ChosenMethod.of(part.method()).check(shapes));
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  private static final class Session extends MethodSession {
    /** By key; a second one of a key has a number behind it. */
    private final Map<String, MethodSession> parts = new LinkedHashMap<>();

    private final List<Double> weights = new ArrayList<>();
    private final List<Optional<String>> teachers = new ArrayList<>();

    Session(Options options, MethodSetup setup) {
      for (int i = 0; i < options.methods().size(); i++) {
        ChosenMethod method = ChosenMethod.of(options.methods().get(i));
        String name = method.key();
        for (int number = 2; parts.containsKey(name); number++) {
          name = method.key() + "-" + number;
        }
        Optional<String> teacher = options.teacher(i);
        parts.put(name, child(name, method.open(setup.of(teacher))));
        weights.add(options.weight(i));
        teachers.add(teacher);
      }
    }

    /** Each method among them that reads labels sees the labelled crops for itself. */
    @Override
    public boolean leavesOutUnlabelled() {
      return true;
    }

    @Override
    public void start(StartingFaces faces) {
      int index = 0;
      for (MethodSession part : parts.values()) {
        part.start(faces.of(teachers.get(index++)));
      }
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      TermLosses sum = new TermLosses();
      int index = 0;
      for (Map.Entry<String, MethodSession> part : parts.entrySet()) {
        double weight = weights.get(index);
        part.getValue()
            .losses(inputs.of(teachers.get(index++)))
            .terms()
            .forEach(
                (name, term) ->
                    sum.add(inside(part.getKey(), name), weight * term.weight(), term.value()));
      }
      return sum;
    }

    @Override
    public void afterStep(StepInputs inputs) {
      int index = 0;
      for (MethodSession part : parts.values()) {
        part.afterStep(inputs.of(teachers.get(index++)));
      }
    }

    @Override
    public Map<String, String> alarms() {
      Map<String, String> all = new LinkedHashMap<>();
      parts.forEach(
          (part, session) ->
              session.alarms().forEach((name, alarm) -> all.put(inside(part, name), alarm)));
      return all;
    }

    @Override
    public Map<String, double[]> state() {
      Map<String, double[]> all = new LinkedHashMap<>();
      parts.forEach(
          (part, session) ->
              session.state().forEach((name, value) -> all.put(inside(part, name), value)));
      return all;
    }

    @Override
    public void restore(Map<String, double[]> state) {
      parts.forEach(
          (part, session) -> {
            Map<String, double[]> own = new LinkedHashMap<>();
            state.forEach(
                (name, value) -> {
                  if (name.startsWith(inside(part, ""))) {
                    own.put(name.substring(inside(part, "").length()), value);
                  }
                });
            session.restore(own);
          });
    }

    private static String inside(String part, String name) {
      return part + "/" + name;
    }
  }
}
