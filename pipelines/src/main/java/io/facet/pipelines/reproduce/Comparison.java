package io.facet.pipelines.reproduce;

import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.reproduce.Reproduction.Instance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two runs of one recipe: which tables came out equal, and what else differs.
 *
 * @param tables every table of either run, in order
 * @param differences sentences about machine, libraries, options and data
 */
public record Comparison(List<Table> tables, List<String> differences) {

  /** How a table came out. */
  public enum Verdict {
    EQUAL,
    DIFFERENT,
    /** Only the earlier run has it. */
    MISSING,
    /** Only the later run has it. */
    NEW
  }

  /**
   * One table.
   *
   * @param name {@code distill[cakd#1]/history}
   * @param verdict how it came out
   * @param before digest then, or empty
   * @param after digest now, or empty
   */
  public record Table(String name, Verdict verdict, String before, String after) {}

  /** Compares a run with an earlier one. */
  public static Comparison of(Reproduction before, Reproduction after) {
    Map<String, String> old = digests(before);
    Map<String, String> fresh = digests(after);
    LinkedHashMap<String, Table> tables = new LinkedHashMap<>();
    old.forEach((name, digest) -> tables.put(name, table(name, digest, fresh.get(name))));
    fresh.forEach((name, digest) -> tables.putIfAbsent(name, table(name, null, digest)));
    List<String> differences = new ArrayList<>(machines(before.machine(), after.machine()));
    Map<String, Instance> later = new TreeMap<>();
    after.instances().forEach(instance -> later.put(instance.name(), instance));
    for (Instance instance : before.instances()) {
      Instance now = later.get(instance.name());
      if (now != null && !now.inputs().isEmpty() && !now.inputs().equals(instance.inputs())) {
        differences.add(instance.name() + ": " + inputs(instance.inputs(), now.inputs()));
      }
    }
    return new Comparison(List.copyOf(tables.values()), List.copyOf(differences));
  }

  /** Whether every table came out equal, and there is at least one. */
  public boolean equal() {
    return !tables.isEmpty() && tables.stream().allMatch(t -> t.verdict() == Verdict.EQUAL);
  }

  private static Map<String, String> digests(Reproduction run) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Instance instance : run.instances()) {
      instance
          .digests()
          .forEach((table, digest) -> digests.put(instance.name() + "/" + table, digest));
    }
    return digests;
  }

  private static Table table(String name, String before, String after) {
    Verdict verdict = Verdict.DIFFERENT;
    if (before == null) {
      verdict = Verdict.NEW;
    } else if (after == null) {
      verdict = Verdict.MISSING;
    } else if (before.equals(after)) {
      verdict = Verdict.EQUAL;
    }
    return new Table(
        name,
        verdict,
        Objects.requireNonNullElse(before, ""),
        Objects.requireNonNullElse(after, ""));
  }

  /** {@code library.pytorch was 2.7.1, is 2.8.0}. */
  private static List<String> machines(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(before.get(name), after.get(name)))
        .map(
            name ->
                "%s was %s, is %s"
                    .formatted(
                        name,
                        before.getOrDefault(name, "unknown"),
                        after.getOrDefault(name, "unknown")))
        .toList();
  }

  private static String inputs(Map<String, String> before, Map<String, String> after) {
    return new Fingerprint(new TreeMap<>(after), new TreeMap<>(), "")
        .differencesFrom(before, Map.of())
        .replace("content changed", "data changed");
  }
}
