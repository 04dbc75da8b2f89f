package io.facet.pipelines.cli.rehearsal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One night of the simulation: what happens, and what should be decided. */
final class SimulatedNight {
  /** What is planted in the night itself. */
  enum Fault {
    NONE,
    STARTED_TWICE,
    NO_MLFLOW,
    FULL_DISK,
    KILLED
  }

  /** Changes the images before the night. */
  interface Before {
    /** Changes them. */
    void change(SimulatedImages images) throws IOException;
  }

  private final String event;
  private final Before before;
  private final String decision;
  private final int exitCode;
  private Fault fault = Fault.NONE;
  private boolean rollback;
  private List<String> settings = List.of();

  private SimulatedNight(String event, Before before, String decision, int exitCode) {
    this.event = event;
    this.before = before;
    this.decision = decision;
    this.exitCode = exitCode;
  }

  /** The script. */
  static List<SimulatedNight> script() {
    List<SimulatedNight> nights = new ArrayList<>();
    nights.add(night("the first images", p -> p.add(6), "first", 0));
    nights.add(night("many new people", p -> p.add(30), "promoted", 0));
    nights.add(night("a corrupted batch", SimulatedImages::addBroken, "failed", 3));
    nights.add(
        night("batch taken out; started twice", SimulatedImages::removeBroken, "unchanged", 0)
            .with(Fault.STARTED_TWICE));
    nights.add(
        night("some new people; MLflow away", p -> p.add(2), "kept", 0).with(Fault.NO_MLFLOW));
    nights.add(night("MLflow back; nothing new", p -> {}, "kept", 0));
    nights.add(night("labels mixed up", SimulatedImages::mixLabels, "refused", 4));
    nights.add(night("labels mended", SimulatedImages::mendLabels, "kept", 0));
    nights.add(
        night("a setting that cannot learn", p -> {}, "refused", 4)
            .setting("distill.learningRate=1.0e-9"));
    nights.add(night("setting mended", p -> {}, "kept", 0));
    nights.add(
        night("many new people; disk full", p -> p.add(40), "failed", 5).with(Fault.FULL_DISK));
    nights.add(night("space again", p -> {}, "promoted", 0));
    nights.add(
        night("some new people; killed, started again", p -> p.add(2), "kept", 0)
            .with(Fault.KILLED));
    nights.add(night("champion rolled back by hand", p -> {}, "promoted", 0).afterRollback());
    nights.add(night("nothing new", p -> {}, "unchanged", 0));
    return nights;
  }

  private static SimulatedNight night(String event, Before before, String decision, int exitCode) {
    return new SimulatedNight(event, before, decision, exitCode);
  }

  private SimulatedNight with(Fault planted) {
    fault = planted;
    return this;
  }

  private SimulatedNight setting(String override) {
    settings = List.of(override);
    return this;
  }

  private SimulatedNight afterRollback() {
    rollback = true;
    return this;
  }

  String event() {
    return event;
  }

  Before before() {
    return before;
  }

  String decision() {
    return decision;
  }

  int exitCode() {
    return exitCode;
  }

  Fault fault() {
    return fault;
  }

  boolean rollback() {
    return rollback;
  }

  List<String> settings() {
    return settings;
  }
}
