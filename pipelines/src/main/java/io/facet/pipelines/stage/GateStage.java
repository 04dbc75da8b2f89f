package io.facet.pipelines.stage;

import com.google.auto.service.AutoService;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Gate;
import io.facet.pipelines.champion.GateContext;
import io.facet.pipelines.champion.GateDecision;
import io.facet.pipelines.champion.Measured;
import io.facet.pipelines.leaderboard.Evaluations;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import io.facet.pipelines.recipe.GateRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.publish.Latency;
import io.facet.transforms.publish.PublishUnit;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Judges whether the published student may take the champion's place. The artifact is the decision;
 * nothing is promoted here. Only plans with {@link PlanContext#gate} have a gate.
 */
@AutoService(Stage.class)
public final class GateStage implements Stage {
  /** The decision as JSON. */
  public static final String DECISION = "gate.json";

  /** The decision for people. */
  public static final String REPORT = "gate.md";

  private static final int LATENCY_ROUNDS = 3;

  @Override
  public String name() {
    return Stages.GATE;
  }

  @Override
  public int formatVersion() {
    return 2;
  }

  /**
   * Plans the gate.
   *
   * @throws RecipeException if the set of the main figure has too few different pairs for it
   */
  @Override
  public List<StageInstance> instances(PlanContext context) throws IOException {
    Recipe recipe = context.recipe();
    List<DistillStage.Student> students = DistillStage.students(recipe);
    if (context.gate().isEmpty() || !recipe.publish().enabled() || students.isEmpty()) {
      return List.of();
    }
    checkMain(recipe);
    GateContext against = context.gate().get();
    List<String> dependencies = new ArrayList<>(List.of(Stages.PUBLISH));
    students.forEach(
        student -> dependencies.add(StageInstance.name(Stages.EVALUATE, student.label())));
    against
        .champion()
        .ifPresent(
            champion ->
                dependencies.add(StageInstance.name(Stages.EVALUATE, EvaluateStage.CHAMPION)));
    GateRecipe gate = recipe.publish().gate();
    return List.of(
        StageInstance.of(
                name(),
                "",
                dependencies,
                new FingerprintInputs()
                    .options("gate", gate)
                    .option("main", main(recipe))
                    .option("confidence", recipe.evaluate().confidence())
                    .option("bootstrapSamples", recipe.evaluate().bootstrapSamples())
                    .option("bootstrap", recipe.evaluate().bootstrap())
                    .content("champion", against.champion().map(GateStage::identity).orElse("none"))
                    .content("rolledBack", String.join(",", against.rolledBack())))
            .withRecipe(RecordBinder.toTree(gate))
            .tolerating());
  }

  private static void checkMain(Recipe recipe) throws IOException {
    String main = main(recipe);
    int slash = main.lastIndexOf('/');
    String figure = main.substring(slash + 1);
    if (Gate.lack(figure, 0).isEmpty()) {
      return; // any number of pairs will do: no need to list the set
    }
    for (SourceSpec spec : SourceSpecs.of(recipe)) {
      if (!spec.isTraining() && spec.label().equals(main.substring(0, slash))) {
        long different = spec.list().pairs().stream().filter(pair -> !pair.same()).count();
        Optional<String> lack = Gate.lack(figure, different);
        if (lack.isPresent()) {
          throw new RecipeException(
              "publish.gate.main: %s %s; choose a higher rate or another figure"
                  .formatted(main, lack.get()));
        }
      }
    }
  }

  private static String identity(Champion champion) {
    return champion.number() + ":" + champion.weights().sha256();
  }

  /**
   * {@code SET/FIGURE}: the recipe's, or accuracy on the first set of pairs.
   *
   * @throws RecipeException if there is no such set
   */
  static String main(Recipe recipe) {
    return recipe
        .publish()
        .gate()
        .main()
        .or(() -> recipe.data().pairSets().stream().findFirst().map(set -> set + "/accuracy"))
        .orElseThrow(
            () ->
                new RecipeException(
                    "data.verification: a gate compares on pairs of images, and all sets are of"
                        + " templates; add a set of pairs"));
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Artifact publish = parent(context, Stages.PUBLISH);
    String label = publish.manifest().notes().getOrDefault("model", "");
    Artifact evaluation = parent(context, StageInstance.name(Stages.EVALUATE, label));
    GateContext against = context.plan().gate().orElseThrow();
    Recipe recipe = context.recipe();
    Map<String, OptionalDouble> times = times(context, publish, against.champion());
    Gate.Contender candidate =
        new Gate.Contender(
            label,
            publish.manifest().attachment(PublishUnit.MODEL).orElseThrow().file().sha256(),
            measured(evaluation, times.get(label)));
    Optional<Gate.Contender> champion =
        against
            .champion()
            .map(
                one ->
                    new Gate.Contender(
                        one.describe(),
                        one.weights().sha256(),
                        measured(
                            parent(
                                context,
                                StageInstance.name(Stages.EVALUATE, EvaluateStage.CHAMPION)),
                            times.get(EvaluateStage.CHAMPION))));
    GateDecision decision =
        Gate.judge(
            recipe.publish().gate(),
            main(recipe),
            EvaluateStage.options(recipe.evaluate()),
            candidate,
            champion,
            against.rolledBack());
    return result(context, decision, publish);
  }

  private static Measured measured(Artifact evaluation, OptionalDouble milliseconds) {
    return new Measured(
        Evaluations.scores(evaluation),
        evaluation.manifest().metrics().getOrDefault("parameters", 0.0),
        milliseconds);
  }

  private static StageResult result(StageContext context, GateDecision decision, Artifact publish)
      throws IOException {
    context.attempt().put(DECISION, EvaluationPlots.utf8(decision.json()));
    context
        .attempt()
        .put(
            REPORT,
            EvaluationPlots.utf8("# " + decision.line() + "\n\n" + decision.table().toMarkdown()));
    StageResult result =
        new StageResult()
            .attachment(DECISION)
            .attachment(REPORT)
            .note("gate", decision.line())
            .note("verdict", decision.verdict().word())
            .note("candidate", decision.candidate())
            .note("candidate.fingerprint", publish.manifest().fingerprint())
            .note("champion", decision.champion());
    for (GateDecision.Check check : decision.checks()) {
      if (check.standing() != GateDecision.Standing.UNSUPPORTED) {
        result.metric(check.name(), check.candidate());
      }
      check.gain().ifPresent(gain -> result.metric(check.name() + "/gain", gain));
    }
    return result;
  }

  private static Artifact parent(StageContext context, String instance) {
    Artifact parent = context.parents().get(instance);
    if (parent == null) {
      throw new DataException("nothing to judge: " + instance + " failed");
    }
    return parent;
  }

  /**
   * Both models in turn, the shortest time of each: a machine that is busy for a while slows both.
   */
  private static Map<String, OptionalDouble> times(
      StageContext context, Artifact publish, Optional<Champion> champion) throws IOException {
    Map<String, byte[]> models = new LinkedHashMap<>();
    models.put(
        publish.manifest().notes().getOrDefault("model", ""),
        publish.attachment(PublishUnit.MODEL));
    if (champion.isPresent()) {
      models.put(
          EvaluateStage.CHAMPION,
          StoredFiles.read(champion.get().modelUri(context.plan().storeRoot())));
    }
    Map<String, OptionalDouble> times = new LinkedHashMap<>();
    models.keySet().forEach(model -> times.put(model, OptionalDouble.empty()));
    if (context.recipe().evaluate().latency()) {
      for (int round = 0; round < LATENCY_ROUNDS; round++) {
        for (Map.Entry<String, byte[]> model : models.entrySet()) {
          double time = Latency.of(model.getValue(), model.getKey()).measure().median();
          times.merge(
              model.getKey(),
              OptionalDouble.of(time),
              (known, now) -> OptionalDouble.of(Math.min(known.orElse(time), now.getAsDouble())));
        }
      }
    }
    return times;
  }
}
