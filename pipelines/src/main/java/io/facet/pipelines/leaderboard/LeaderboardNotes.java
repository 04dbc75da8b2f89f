package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.ResamplingUnit;
import io.facet.transforms.row.LeaderboardRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a leaderboard's intervals and p-values cover, in sentences below it. */
final class LeaderboardNotes {
  private static final double SIGNIFICANT = 0.05;

  private LeaderboardNotes() {}

  static List<String> of(List<LeaderboardRow> rows) {
    List<String> notes = new ArrayList<>();
    if (!rows.isEmpty()) {
      intervals(rows, notes);
      seeds(rows, notes);
      comparisons(rows, notes);
    }
    return notes;
  }

  private static void intervals(List<LeaderboardRow> rows, List<String> notes) {
    TreeSet<String> byPair = new TreeSet<>();
    TreeSet<String> byIdentity = new TreeSet<>();
    for (LeaderboardRow row : rows) {
      boolean identity = row.protocol().endsWith(ResamplingUnit.IDENTITY.protocol());
      (identity ? byIdentity : byPair).add(row.set());
    }
    if (!byIdentity.isEmpty()) {
      notes.add("CI: bootstrap by identity" + on(byIdentity, byPair));
    }
    if (!byPair.isEmpty()) {
      notes.add(
          "CI: bootstrap by pair, too narrow where people are in several pairs"
              + on(byPair, byIdentity));
    }
  }

  private static String on(TreeSet<String> these, TreeSet<String> others) {
    return others.isEmpty() ? "" : " (" + String.join(", ", these) + ")";
  }

  private static void seeds(List<LeaderboardRow> rows, List<String> notes) {
    if (rows.stream().anyMatch(row -> row.seeds() > 1)) {
      notes.add(
          "CI over seeds: Student's t interval of the seeds' means, n - 1 degrees of freedom; where it"
              + " is missing there is one seed, and no interval covers what other seeds would give");
    } else if (rows.stream().anyMatch(row -> row.role().equals("student"))) {
      notes.add("one seed each: no interval covers what other seeds would give");
    }
  }

  private static void comparisons(List<LeaderboardRow> rows, List<String> notes) {
    Map<String, List<LeaderboardRow>> compared = new TreeMap<>();
    for (LeaderboardRow row : rows) {
      if (!row.baseline().isEmpty()) {
        compared.computeIfAbsent(row.set(), set -> new ArrayList<>()).add(row);
      }
    }
    Map<String, TreeSet<String>> sets = new TreeMap<>();
    compared.forEach(
        (set, some) -> sets.computeIfAbsent(comparison(some), text -> new TreeSet<>()).add(set));
    sets.forEach(
        (text, names) ->
            notes.add(sets.size() == 1 ? text : text + " (" + String.join(", ", names) + ")"));
  }

  private static String comparison(List<LeaderboardRow> compared) {
    LeaderboardRow any = compared.get(0);
    String text =
        String.format(
            Locale.ROOT,
            "p: two-sided, after Holm's correction for %d; with %d rounds at least %.4f",
            compared.size(),
            any.rounds(),
            any.lowestPValue());
    return any.lowestPValue() > SIGNIFICANT
        ? text + ", so no difference can be significant at 0.05: too few rounds"
        : text;
  }
}
