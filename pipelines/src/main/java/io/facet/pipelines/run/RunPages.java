package io.facet.pipelines.run;

import io.facet.models.RecipeException;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.overview.Pictures;
import io.facet.pipelines.overview.ReportedRun;
import io.facet.pipelines.recipe.RecipeYaml;
import io.facet.pipelines.reproduce.Reproduction;
import io.facet.pipelines.run.RunRecord.InstanceState;
import java.util.Locale;
import java.util.Optional;

/** Runs of a store as their pages tell of them. */
public final class RunPages {
  private RunPages() {}

  /**
   * A run with those of its artifacts that are there and whole, without secrets.
   *
   * @param reproduction what it left at its end
   */
  public static ReportedRun of(
      RunRecord run, Optional<Reproduction> reproduction, ArtifactStore store) {
    return new ReportedRun(
        run.run(),
        run.recipe(),
        word(run.state()),
        run.started(),
        run.ended(),
        Redaction.text(run.reason()),
        run.instances().stream().map(instance -> part(instance, store)).toList(),
        reproduction.map(left -> Reproduction.parse("run " + run.run(), left.json())));
  }

  private static ReportedRun.Part part(RunRecord.Instance instance, ArtifactStore store) {
    boolean reused = instance.state() == InstanceState.CACHED;
    Optional<Artifact> artifact = Optional.empty();
    String note = instance.note();
    if (reused || instance.state() == InstanceState.DONE) {
      ArtifactStore.Found found = store.find(instance.stage(), instance.fingerprint());
      artifact = found.artifact();
      if (artifact.isEmpty()) {
        note = found.damage().orElse("its artifact is no longer in the store");
      }
    }
    return new ReportedRun.Part(
        instance.name(),
        instance.stage(),
        word(instance.state()),
        reused,
        reused ? 0 : instance.seconds(),
        Redaction.text(note),
        artifact);
  }

  /** Whether the recipe of a run forbids pictures of faces. */
  public static boolean forbidPictures(Reproduction run) {
    return !RecipeYaml.value("the recipe of run " + run.run(), run.recipe())
        .path("report")
        .path("pictures")
        .asBoolean(true);
  }

  /** What a page nobody asked pictures for says about them. */
  public static Pictures unasked(Optional<Reproduction> run) {
    return run.filter(RunPages::forbidPictures).isPresent()
        ? Pictures.FORBIDDEN
        : Pictures.NOT_ASKED;
  }

  /**
   * Checks that pictures of faces may be shown.
   *
   * @param option that asks for them
   * @throws RecipeException if the recipe forbids it, or is not known
   */
  public static void requirePictures(String option, String id, Optional<Reproduction> run) {
    if (run.isEmpty()) {
      throw new RecipeException(
          "%s: run %s kept no recipe, which might forbid pictures of faces; let it come to its end"
              .formatted(option, id));
    }
    if (forbidPictures(run.get())) {
      throw new RecipeException(
          "%s: the recipe of run %s forbids pictures of faces (report.pictures: false)"
              .formatted(option, id));
    }
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
