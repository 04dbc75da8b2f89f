package io.facet.models.distill;

import com.google.auto.service.AutoService;
import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several methods in one run: their terms are added together, each method with a weight. */
@AutoService(DistillationMethod.class)
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
              value = "weight of the identity term beside them",
              range = "[0, inf)",
              defaultValue = "1")
          double identityWeight) {

    /**
     * Options that fit together.
     *
     * @throws IllegalArgumentException if there is no method, the weights are of another number, or
     *     one method takes a constant teacher and another trains its prompts
     */
    public Options {
      check(methods, weights);
    }

    double weight(int method) {
      return weights.isEmpty() ? 1 : weights.get(method);
    }
  }

  @Override
  public String key() {
    return "sum";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "several methods added together, each with a weight";
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
  public MethodNeeds needs(Options options) {
    return needs(options.methods());
  }

  /** Refuses methods and weights as {@link Options} says. */
  static void check(List<Selected<DistillationMethod<?>>> methods, List<Double> weights) {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("methods is empty: name the methods to add");
    }
    if (!weights.isEmpty() && weights.size() != methods.size()) {
      throw new IllegalArgumentException(
          "%d methods have %d weights: give one each, or none"
              .formatted(methods.size(), weights.size()));
    }
    needs(methods); // refuses teachers that cannot be both constant and trained
  }

  private static MethodNeeds needs(List<Selected<DistillationMethod<?>>> methods) {
    return methods.stream()
        .map(method -> ChosenMethod.of(method).needs())
        .reduce(MethodNeeds.none(), MethodNeeds::and);
  }

  @Override
  public double identityWeight(Options options) {
    return options.identityWeight();
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

  @Override
  public void check(Options options, OutputShapes shapes) {
    options.methods().forEach(method -> ChosenMethod.of(method).check(shapes));
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  private static final class Session extends MethodSession {
    /** By key; a second one of a key has a number behind it. */
    private final Map<String, MethodSession> parts = new LinkedHashMap<>();

    private final List<Double> weights = new ArrayList<>();

    Session(Options options, MethodSetup setup) {
      for (int i = 0; i < options.methods().size(); i++) {
        ChosenMethod method = ChosenMethod.of(options.methods().get(i));
        String name = method.key();
        for (int number = 2; parts.containsKey(name); number++) {
          name = method.key() + "-" + number;
        }
        parts.put(name, child(name, method.open(setup)));
        weights.add(options.weight(i));
      }
    }

    /** Each method among them that reads labels sees the labelled crops for itself. */
    @Override
    boolean leavesOutUnlabelled() {
      return true;
    }

    @Override
    public void start(StartingFaces faces) {
      parts.values().forEach(part -> part.start(faces));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      TermLosses sum = new TermLosses();
      int index = 0;
      for (Map.Entry<String, MethodSession> part : parts.entrySet()) {
        double weight = weights.get(index++);
        part.getValue()
            .losses(inputs)
            .terms()
            .forEach(
                (name, term) ->
                    sum.add(inside(part.getKey(), name), weight * term.weight(), term.value()));
      }
      return sum;
    }

    @Override
    public void afterStep(StepInputs inputs) {
      parts.values().forEach(part -> part.afterStep(inputs));
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
