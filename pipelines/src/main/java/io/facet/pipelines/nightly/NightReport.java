package io.facet.pipelines.nightly;

import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.champion.GateDecision.Verdict;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Gathers what happens in a night, so that whatever happens there is a summary. */
final class NightReport {
  private final Nights.Begun begun;
  private final String recipe;
  private final boolean resumed;
  private String decision = Night.FAILED;
  private String reason = "";
  private int exitCode = ExitCodes.BUG;
  private String run = "";
  private Optional<Long> images = Optional.empty();
  private Optional<Long> newImages = Optional.empty();
  private String candidate = "";
  private String champion = "";
  private List<Night.Part> parts = List.of();
  private Retention.Removed removed = new Retention.Removed(0, 0);
  private long undelivered;

  NightReport(Nights.Begun begun, String recipe, boolean resumed) {
    this.begun = begun;
    this.recipe = recipe;
    this.resumed = resumed;
  }

  void ran(Plan plan, RunSummary summary) {
    run = summary.runId();
    List<Night.Part> all = new ArrayList<>();
    for (RunSummary.Outcome outcome : summary.outcomes()) {
      all.add(
          new Night.Part(
              outcome.name(),
              plan.instance(outcome.name()).orElseThrow().instance().stage(),
              outcome.fingerprint(),
              outcome.result().name().toLowerCase(Locale.ROOT),
              outcome.seconds()));
    }
    parts = List.copyOf(all);
    images =
        summary
            .outcome("ingest")
            .flatMap(RunSummary.Outcome::artifact)
            .map(artifact -> artifact.manifest().metrics().get("images").longValue());
  }

  /**
   * The gate judged.
   *
   * @param byHand whether people promote, not the night
   */
  void decided(Verdict verdict, String line, Candidate best, boolean byHand) {
    boolean waits = byHand && verdict.promotes();
    decision = waits ? Night.READY : verdict.word();
    reason =
        line.substring(line.indexOf(": ") + 2)
            + (waits ? "; 'facet promote' makes it champion" : "");
    exitCode = verdict == Verdict.REFUSED ? ExitCodes.GATE : ExitCodes.OK;
    candidate = best.student();
  }

  /** The promotion happened before the night was killed. */
  void promotedBefore(Champion entry) {
    decision = entry.action().name().toLowerCase(Locale.ROOT);
    reason = entry.why();
  }

  boolean madeTonight(Champion entry) {
    return resumed && !Instant.parse(entry.at()).isBefore(Instant.parse(begun.begun()));
  }

  void failed(Throwable failure) {
    decision = Night.FAILED;
    reason = FailureText.of(failure);
    exitCode = ExitCodes.of(failure);
  }

  void failed(Throwable failure, RunSummary.Status status) {
    failed(failure);
    if (status == RunSummary.Status.KILLED) {
      exitCode = ExitCodes.KILLED;
    }
  }

  /** What the run made and reused; none if it could not be planned. */
  List<Night.Part> parts() {
    return parts;
  }

  void champion(Champions champions) {
    champion = champions.current().map(Champion::describe).orElse("none");
  }

  /** Compares the number of images with the last night that counted. */
  void images(List<Night> before) {
    for (Night night : before) {
      if (night.images().isPresent()) {
        newImages = images.map(now -> now - night.images().get());
      }
    }
  }

  void removed(Retention.Removed by) {
    removed = by;
  }

  void undelivered(long events) {
    undelivered = events;
  }

  Night night(Duration took) {
    return new Night(
        begun.number(),
        recipe,
        begun.begun(),
        Instant.now().toString(),
        resumed,
        decision,
        reason,
        exitCode,
        run,
        images,
        newImages,
        candidate,
        champion,
        parts,
        removed.artifacts(),
        removed.bytes(),
        undelivered,
        took.toMillis() / 1000.0);
  }
}
