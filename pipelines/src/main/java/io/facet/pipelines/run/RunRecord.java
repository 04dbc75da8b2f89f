package io.facet.pipelines.run;

import io.facet.models.option.RecordBinder;
import io.facet.pipelines.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run of a recipe as its driver writes it down: once when it is planned, at each change and
 * every {@link #BEAT}. It outlives the driver, however that ends.
 *
 * @param run its id, also in manifests and MLflow
 * @param recipe name of the recipe
 * @param store root of the artifact store
 * @param folder the working directory
 * @param command that goes on with it, for a shell in that directory
 * @param flinkMaster {@code [local]} or {@code HOST:PORT}
 * @param trackingUri MLflow server, empty if none
 * @param driver the process
 * @param started ISO time
 * @param seen ISO time of the driver's last sign of life
 * @param state of the whole
 * @param ended ISO time, if it has ended
 * @param exitCode of the driver, if it has ended by itself
 * @param reason why it did not finish, else empty
 * @param instances in the order of the plan
 */
public record RunRecord(
    String run,
    String recipe,
    String store,
    String folder,
    String command,
    String flinkMaster,
    String trackingUri,
    ProcessIdentity driver,
    String started,
    String seen,
    State state,
    Optional<String> ended,
    Optional<Integer> exitCode,
    String reason,
    List<Instance> instances) {

  /** Time between two signs of life. */
  static final Duration BEAT = Duration.ofSeconds(30);

  /** Silence after which a driver on another machine is taken for dead. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /** Copies the list. */
  public RunRecord {
    instances = List.copyOf(instances);
  }

  /** How a run stands. */
  public enum State {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }

  /** How an instance stands. */
  public enum InstanceState {
    WAITING,
    RUNNING,
    CACHED,
    DONE,
    FAILED,
    /** Stopped with the run; goes on when the run does. */
    STOPPED,
    /** A dependency failed. */
    SKIPPED
  }

  /**
   * One planned instance.
   *
   * @param name {@code distill[cakd#1]}
   * @param stage {@code distill}
   * @param fingerprint of its artifact
   * @param state how it stands
   * @param started ISO time, once it runs
   * @param seconds it took, 0 until it has ended
   * @param note what went wrong, else empty
   */
  public record Instance(
      String name,
      String stage,
      String fingerprint,
      InstanceState state,
      Optional<String> started,
      double seconds,
      String note) {}

  /** Whether its process may still work on it. */
  public boolean driverLives(Instant now) {
    return driver.isHere()
        ? driver.handle().isPresent()
        : Instant.parse(seen).plus(SILENCE).isAfter(now);
  }

  /** Begun, not ended, and its driver is gone. */
  public boolean abandoned(Instant now) {
    return state == State.RUNNING && !driverLives(now);
  }

  /** The same, ended without its driver's doing. */
  public RunRecord ended(State how, String why, Instant when) {
    return ended(how, Optional.empty(), why, when);
  }

  /** The same, ended. */
  RunRecord ended(State how, Optional<Integer> code, String why, Instant when) {
    return with(when, how, Optional.of(when.toString()), code, why, instances);
  }

  /** The same with other instances, seen just now. */
  RunRecord with(List<Instance> changed, Instant now) {
    return with(now, state, ended, exitCode, reason, changed);
  }

  /** What stays for the whole run, with what changes. */
  private RunRecord with(
      Instant now,
      State how,
      Optional<String> end,
      Optional<Integer> code,
      String why,
      List<Instance> all) {
    return new RunRecord(
        run,
        recipe,
        store,
        folder,
        command,
        flinkMaster,
        trackingUri,
        driver,
        started,
        now.toString(),
        how,
        end,
        code,
        why,
        all);
  }

  String json() {
    return RecordBinder.toJson(this);
  }

  static RunRecord parse(String json) {
    return RecordBinder.bindJson(RunRecord.class, json);
  }
}
