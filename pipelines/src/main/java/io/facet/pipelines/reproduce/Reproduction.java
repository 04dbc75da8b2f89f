package io.facet.pipelines.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.DataException;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one must know of a run to run it again and to compare: {@code reproduce.json} of the run in
 * MLflow and in the store.
 *
 * @param format version of this record, {@link #FORMAT}
 * @param run its own id
 * @param recipe the resolved recipe as YAML
 * @param machine facts of {@link MachineFacts}
 * @param instances what was made or reused, in order
 */
public record Reproduction(
    int format, String run, String recipe, Map<String, String> machine, List<Instance> instances) {
  /** The version this program writes and reads. */
  public static final int FORMAT = 1;

  /** Name of the file among a run's artifacts. */
  public static final String FILE = "reproduce.json";

  /** Figures of this very machine and hour, different in each run. */
  private static final String TIMINGS = "timings";

  /**
   * An instance with its tables.
   *
   * @param name {@code distill[cakd#1]}
   * @param cached whether it was reused
   * @param inputs what its fingerprint was made of
   * @param digests of its tables by name, without timings
   */
  public record Instance(
      String name, boolean cached, Map<String, String> inputs, Map<String, String> digests) {}

  /** Describes a run that has ended. */
  public static Reproduction of(RunSummary summary, String recipe, Map<String, String> machine) {
    List<Instance> instances = new ArrayList<>();
    for (RunSummary.Outcome outcome : summary.outcomes()) {
      Map<String, String> inputs = new TreeMap<>();
      Map<String, String> digests = new TreeMap<>();
      outcome
          .artifact()
          .ifPresent(
              artifact -> {
                inputs.putAll(artifact.manifest().inputs());
                for (Manifest.Table table : artifact.manifest().tables()) {
                  if (!table.name().equals(TIMINGS)) {
                    digests.put(table.name(), table.digest());
                  }
                }
              });
      boolean cached = outcome.result() == RunSummary.Result.CACHED;
      instances.add(new Instance(outcome.name(), cached, inputs, digests));
    }
    return new Reproduction(FORMAT, summary.runId(), recipe, machine, instances);
  }

  /** As JSON, without secrets. */
  public String json() {
    return JsonText.pretty(Redaction.tree(RecordBinder.toTree(this)));
  }

  /**
   * Reads one.
   *
   * @param source for messages
   * @throws DataException if it is none or of a newer program
   */
  public static Reproduction parse(String source, String json) {
    JsonNode tree = JsonText.parse(source, json);
    int format = tree.path("format").asInt(0);
    if (format != FORMAT) {
      throw new DataException(
          "%s: of format %d; this program reads %d".formatted(source, format, FORMAT));
    }
    try {
      return RecordBinder.bind(Reproduction.class, tree);
    } catch (BindingException e) {
      throw new DataException(source + ": not the description of a run: " + e.getMessage(), e);
    }
  }
}
