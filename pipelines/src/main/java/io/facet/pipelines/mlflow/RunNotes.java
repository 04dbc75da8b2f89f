package io.facet.pipelines.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.LeaderboardRow;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The Markdown descriptions on MLflow's pages, and its tables. */
final class RunNotes {
  private RunNotes() {}

  /** Of one instance: where it comes from and what it holds. */
  static String of(Manifest manifest) {
    StringBuilder text = new StringBuilder();
    text.append("**").append(manifest.instance()).append("**, artifact `");
    text.append(ShortHash.of(manifest.fingerprint())).append("`");
    text.append("\n\n");
    TextTable tables = new TextTable("table", "rows", "digest");
    for (Manifest.Table table : manifest.tables()) {
      tables.row(
          table.name(), Long.toString(table.rows()), "`" + ShortHash.of(table.digest()) + "`");
    }
    if (!tables.isEmpty()) {
      text.append(tables.toMarkdown()).append('\n');
    }
    new TreeMap<>(manifest.notes())
        .forEach(
            (name, note) -> {
              if (!note.isEmpty()) {
                text.append("- ").append(name).append(": ").append(note).append('\n');
              }
            });
    new TreeMap<>(manifest.metrics())
        .forEach(
            (name, value) ->
                text.append("- ")
                    .append(name)
                    .append(": ")
                    .append(String.format(Locale.ROOT, "%.6g", value))
                    .append('\n'));
    return text.toString();
  }

  /** Which artifacts a run reused, and the run that made each. */
  static String reused(List<Manifest> manifests) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Manifest manifest : manifests) {
      list.addObject()
          .put("instance", manifest.instance())
          .put("fingerprint", manifest.fingerprint())
          .put("run", manifest.originRun());
    }
    return JsonText.pretty(list);
  }

  /** The leaderboard in the form of MLflow's own tables, which its page shows as one. */
  static String table(List<LeaderboardRow> rows) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    ArrayNode columns = table.putArray("columns");
    List.of(
            "set",
            "rank",
            "name",
            "role",
            "seeds",
            "accuracy",
            "low",
            "high",
            "seed low",
            "seed high",
            "baseline",
            "difference",
            "difference low",
            "difference high",
            "adjusted p",
            "lowest p",
            "protocol",
            "parameters")
        .forEach(columns::add);
    ArrayNode data = table.putArray("data");
    for (LeaderboardRow row : rows) {
      data.addArray()
          .add(row.set())
          .add(row.rank())
          .add(row.name())
          .add(row.role())
          .add(row.seeds())
          .add(row.accuracy())
          .add(row.low())
          .add(row.high())
          .add(orNull(row.seedLow()))
          .add(orNull(row.seedHigh()))
          .add(row.baseline())
          .add(row.difference())
          .add(row.differenceLow())
          .add(row.differenceHigh())
          .add(row.adjustedPValue())
          .add(row.lowestPValue())
          .add(row.protocol())
          .add(row.parameters());
    }
    return table.toString();
  }

  /** JSON has no NaN. */
  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
