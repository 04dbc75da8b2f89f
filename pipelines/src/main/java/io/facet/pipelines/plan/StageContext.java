package io.facet.pipelines.plan;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.recipe.Recipe;
import io.facet.transforms.attempt.AttemptFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.beam.sdk.options.PipelineOptions;

/** What a stage works with while it makes one artifact. Safe for several threads. */
public final class StageContext {
  private final PlanContext plan;
  private final StageInstance instance;
  private final Fingerprint fingerprint;
  private final AttemptFolder attempt;
  private final boolean resumed;
  private final Map<String, Artifact> parents;
  private final ArtifactStore store;
  private final Supplier<PipelineOptions> pipelineOptions;
  private final PlanListener listener;
  private volatile int slots;

  StageContext(
      PlanContext plan,
      StageInstance instance,
      Fingerprint fingerprint,
      AttemptFolder attempt,
      boolean resumed,
      Map<String, Artifact> parents,
      ArtifactStore store,
      Supplier<PipelineOptions> pipelineOptions,
      PlanListener listener) {
    this.plan = plan;
    this.instance = instance;
    this.fingerprint = fingerprint;
    this.attempt = attempt;
    this.resumed = resumed;
    this.parents = parents;
    this.store = store;
    this.pipelineOptions = pipelineOptions;
    this.listener = listener;
  }

  public PlanContext plan() {
    return plan;
  }

  public Recipe recipe() {
    return plan.recipe();
  }

  public StageInstance instance() {
    return instance;
  }

  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** Where to write, and nowhere else. */
  public AttemptFolder attempt() {
    return attempt;
  }

  /** Whether the folder holds checkpoints of an earlier try. */
  public boolean resumed() {
    return resumed;
  }

  /**
   * The artifact of a dependency.
   *
   * @param instanceName as in {@link StageInstance#dependencies}
   */
  public Artifact parent(String instanceName) {
    Artifact parent = parents.get(instanceName);
    if (parent == null) {
      throw new IllegalStateException(
          instance.name() + " does not depend on " + instanceName + ", or it failed");
    }
    return parent;
  }

  /** The artifacts of all dependencies that succeeded, by instance, in the order declared. */
  public Map<String, Artifact> parents() {
    return parents;
  }

  /** The dependencies of one stage, in the order declared. */
  public List<Artifact> parentsOf(String stage) {
    return parents.values().stream().filter(a -> a.manifest().stage().equals(stage)).toList();
  }

  /** The newest artifact of this very instance, made by other inputs; its files may be shared. */
  public Optional<Artifact> earlier() {
    return store.newest(instance.stage(), instance.name());
  }

  /** Options for one Beam pipeline: runner, Flink master; a fresh copy each time. */
  public PipelineOptions pipelineOptions() {
    return pipelineOptions.get();
  }

  /**
   * Tells terminal and tracking how far it is.
   *
   * @param unit what is counted: {@code steps}, {@code images}
   * @param total 0 if unknown
   */
  public void progress(long done, long total, String unit) {
    listener.progress(instance, done, total, unit);
  }

  /** The slots that a job of this stage shares its work between. */
  public void shares(int between) {
    slots = Math.max(slots, between);
  }

  /** The most slots that a job shared its work between; 0 if none did. */
  int slots() {
    return slots;
  }

  /** A training goes on from a checkpoint. */
  public void resumedAt(long step, long totalSteps) {
    listener.resumedAt(instance, step, totalSteps);
  }

  /** Numbers of one training step, for charts. */
  public void history(List<HistoryPoint> points, long timestampMillis) {
    listener.history(instance, points, timestampMillis);
  }

  /** A training saved a checkpoint. */
  public void checkpointed(long step, long totalSteps) {
    listener.checkpointed(instance, step, totalSteps);
  }

  /** A file that explains a failure; it lies in the attempt folder. */
  public void attach(String name, byte[] bytes) {
    listener.attached(instance, name, bytes);
  }

  /** Something the user should see. */
  public void warn(String message) {
    listener.warned(instance, message);
  }
}
