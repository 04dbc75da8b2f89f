package io.facet.pipelines.leaderboard;

import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.LeaderboardRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A leaderboard over many runs: all that was measured by one protocol on the very same pairs.
 *
 * @param set name of the verification set
 * @param protocol of the accuracy
 * @param pairsDigest of the pairs and their crops
 * @param pairs how many
 * @param rows best first
 */
public record Board(
    String set, String protocol, String pairsDigest, int pairs, List<BoardRow> rows) {
  private static final int DIGITS = 8;

  /** {@code lfw, lfw-10fold-v2, 2400 pairs 1a2b3c4d}. */
  public String title() {
    return "%s, %s, %d pairs %s".formatted(set, protocol, pairs, digits(pairsDigest));
  }

  /**
   * For people; columns in which all models are alike are left out.
   *
   * @param confidence coverage of the intervals, in (0, 1)
   */
  public TextTable table(double confidence) {
    List<LeaderboardRow> figures = rows.stream().map(BoardRow::figures).toList();
    Map<String, Cost> costs = new TreeMap<>();
    rows.forEach(row -> costs.put(row.name(), new Cost(row.milliseconds(), row.memory())));
    Map<String, Map<String, String>> more = new LinkedHashMap<>();
    add(more, "teacher", BoardRow::teacher);
    add(more, "network", BoardRow::network);
    add(more, "trained on", row -> digits(row.trainingData()));
    return LeaderboardTable.of(figures, costs, more, confidence);
  }

  private void add(
      Map<String, Map<String, String>> more, String header, Function<BoardRow, String> value) {
    if (rows.stream().map(value).filter(text -> !text.isEmpty()).distinct().count() > 1) {
      Map<String, String> byName = new TreeMap<>();
      for (BoardRow row : rows) {
        String text = value.apply(row);
        byName.put(row.name(), text.isEmpty() ? "-" : text);
      }
      more.put(header, byName);
    }
  }

  private static String digits(String digest) {
    return digest.substring(0, Math.min(DIGITS, digest.length()));
  }
}
