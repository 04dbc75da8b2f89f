package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.estimate.DatasetSize;
import io.facet.pipelines.estimate.Estimate;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlannedInstance;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunJson;
import io.facet.pipelines.run.RunRequest;
import io.facet.pipelines.stage.FeatureBytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a run would do and why, without doing it. */
@Command(
    name = "plan",
    description = "Shows the stages of a recipe: what is cached, what would run, and why.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE", description = "A recipe file (YAML).")
  private Path recipe;

  @Option(
      names = "--estimate",
      paramLabel = "IMAGES[:IDENTITIES]",
      description =
          "What the recipe would take with so many training images, from what its stages took in"
              + " this store: 5.2M, 5.2M:93k, ms1mv3, glint360k or webface42m.")
  private String size;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Slots of --estimate (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunRequest request = options.request(recipe, spec);
    RecipeFile file = RecipeFile.read(recipe, request.settings());
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      Plan plan = RecipeRun.plan(file, store, request);
      TextTable table = new TextTable("stage", "state", "fingerprint", "why");
      Set<String> notes = new LinkedHashSet<>(); // students start from the same weights
      for (PlannedInstance planned : plan.instances()) {
        table.row(
            planned.instance().name(),
            planned.cached().isPresent() ? "cached" : "runs",
            ShortHash.of(planned.fingerprint().digest()),
            planned.why());
        notes.addAll(planned.instance().notes());
      }
      notes.addAll(
          FeatureBytes.notes(
              plan,
              size == null
                  ? OptionalLong.empty()
                  : OptionalLong.of(DatasetSize.parse(size).images())));
      if (size != null) {
        table = estimate(plan, file.recipe());
      }
      notes.forEach(table::note);
      PrintWriter out = spec.commandLine().getOut();
      out.print(table.toText());
      out.flush();
      if (request.json().isPresent()) {
        RunJson.ofPlan(plan).write(request.json().get());
      }
    }
    return 0;
  }

  private TextTable estimate(Plan plan, Recipe recipe) {
    if (workers < 1) {
      throw new RecipeException("--workers: must be at least 1, is " + workers);
    }
    DatasetSize images = DatasetSize.parse(size);
    return EstimateText.of(
        Estimate.of(plan, images, workers),
        images,
        recipe.distill().options().identitySampleRate(),
        Backbone.create(recipe.distill().student()).embeddingSize());
  }
}
