package io.facet.pipelines.mlflow;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.stage.GateStage;
import io.facet.tracking.RunSpec;
import io.facet.tracking.SystemTags;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.delivery.TrackingStatus;
import io.facet.tracking.entity.VersionMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells MLflow, through the outbox, what the store decided on champions: a run of its own that says
 * who, when and why, and alias and tags on the model's version.
 *
 * @param target where to
 * @param store whose outbox
 * @param experiment of the run
 */
public record ChampionMirror(TrackingTarget target, Path store, String experiment) {
  private static final String ALIAS = "champion";

  /**
   * A gate's decision.
   *
   * @param line for people
   * @param json the whole
   */
  public record Decision(String line, byte[] json) {
    /** Of an artifact of the gate. */
    public static Decision of(Artifact gate) {
      return new Decision(
          gate.manifest().notes().getOrDefault("gate", ""), gate.attachment(GateStage.DECISION));
    }
  }

  /** There is another champion. */
  public TrackingStatus moved(Champion champion, Optional<Decision> decision) {
    String action = champion.action().name().toLowerCase(Locale.ROOT).replace('_', '-');
    Map<String, String> tags = new TreeMap<>();
    tags.put("facet.champion.action", action);
    tags.put("facet.champion.number", Integer.toString(champion.number()));
    tags.put("facet.champion.student", champion.student());
    if (!champion.why().isEmpty()) {
      tags.put("facet.champion.why", champion.why());
    }
    return tell(
        champion.model() + " " + action,
        champion.model(),
        champion.fingerprint(),
        tags,
        List.of(ALIAS),
        decision);
  }

  /**
   * A gate judged and the champion stays.
   *
   * @param fingerprint of the candidate's artifact
   */
  public TrackingStatus judged(String model, String fingerprint, Decision decision) {
    return tell(model + " gate", model, fingerprint, Map.of(), List.of(), Optional.of(decision));
  }

  /** What MLflow got, and how it gets the rest. */
  public String told(TrackingStatus status) {
    return target.told(status, store);
  }

  private TrackingStatus tell(
      String name,
      String model,
      String fingerprint,
      Map<String, String> marks,
      List<String> aliases,
      Optional<Decision> decision) {
    Map<String, String> tags = new TreeMap<>(marks);
    decision.ifPresent(one -> tags.put("facet.gate", one.line()));
    try (Tracking tracking = Tracking.open(target.options(), store)) {
      TrackedRun run =
          tracking.start(
              RunSpec.of(experiment, name)
                  .with(
                      SystemTags.collect(
                          "facet", Path.of(System.getProperty("facet.root", ".")).toAbsolutePath()))
                  .with("facet.model", model)
                  .with(MlflowListener.FINGERPRINT, fingerprint)
                  .with(tags));
      decision.ifPresent(one -> run.artifact(GateStage.DECISION, one.json()));
      run.mark(new VersionMark(model, MlflowListener.FINGERPRINT, fingerprint, tags, aliases));
      run.finish();
      return tracking.close(TrackingTarget.DRAIN);
    }
  }
}
