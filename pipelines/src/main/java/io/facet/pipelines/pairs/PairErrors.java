package io.facet.pipelines.pairs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.report.CsvCell;
import io.facet.pipelines.report.TextTable;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The worst false accepts and false rejects of a model on a set.
 *
 * @param run id of the run
 * @param model name of the model in it
 * @param set the scores
 * @param threshold where accepting begins
 * @param pairs false accepts, then false rejects, worst first each
 */
public record PairErrors(
    String run, String model, ScoredSet set, Threshold threshold, List<Pair> pairs) {
  private static final List<String> COLUMNS =
      List.of("error", "score", "pair", "left", "right", "left_image", "right_image");

  /**
   * One pair with the names of its images.
   *
   * @param row its score
   * @param left name of the left image
   * @param right name of the right image
   */
  public record Pair(ScoreRow row, String left, String right) {
    /** {@code false accept} or {@code false reject}. */
    public String error() {
      return row.same() ? "false reject" : "false accept";
    }

    String score() {
      return Figures.format("%.4f", row.score());
    }
  }

  /** The rows of both kinds that a threshold judges wrongly. */
  public static List<ScoreRow> rows(ScoredSet set, Threshold threshold) {
    List<ScoreRow> rows = new ArrayList<>(set.falseAccepts(threshold));
    rows.addAll(set.falseRejects(threshold));
    return rows;
  }

  /** One line: which threshold, and how many errors there are in all. */
  public String head() {
    return Figures.format(
        "%s on %s: threshold %.4f %s; %d of %d different pairs accepted, %d of %d same pairs rejected",
        model,
        set.name(),
        threshold.cosine(),
        threshold.rule(),
        threshold.falseAccepts(),
        set.different().total(),
        threshold.falseRejects(),
        set.same().total());
  }

  /** For a terminal: what would steer it is not printed. */
  public String text() {
    TextTable table = new TextTable("error", "score", "pair", "one image", "other image");
    for (Pair pair : pairs) {
      table.row(
          pair.error(),
          pair.score(),
          Integer.toString(pair.row().position()),
          printable(pair.left()),
          printable(pair.right()));
    }
    return table.toText();
  }

  private static String printable(String name) {
    return name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }

  /** With a header line; the threshold stands in no column, see {@link #json}. */
  public String csv() {
    List<String> lines = new ArrayList<>(List.of(String.join(",", COLUMNS)));
    for (Pair pair : pairs) {
      lines.add(
          Stream.of(
                  pair.error(),
                  Double.toString(pair.row().score()),
                  Integer.toString(pair.row().position()),
                  pair.left(),
                  pair.right(),
                  pair.row().leftImageId(),
                  pair.row().rightImageId())
              .map(CsvCell::of)
              .collect(Collectors.joining(",")));
    }
    return String.join("\n", lines) + "\n";
  }

  /** {@code {"run", "model", "set", "threshold": {...}, "pairs": [...]}}. */
  public String json() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("run", run).put("model", model).put("set", set.name());
    tree.putObject("threshold")
        .put("cosine", threshold.cosine())
        .put("rule", threshold.rule())
        .put("falseAccepts", threshold.falseAccepts())
        .put("differentPairs", set.different().total())
        .put("falseRejects", threshold.falseRejects())
        .put("samePairs", set.same().total());
    for (Pair pair : pairs) {
      tree.withArray("pairs")
          .addObject()
          .put("error", pair.error())
          .put("score", pair.row().score())
          .put("pair", pair.row().position())
          .put("left", pair.left())
          .put("right", pair.right())
          .put("leftImage", pair.row().leftImageId())
          .put("rightImage", pair.row().rightImageId());
    }
    tree.withArray("pairs");
    return JsonText.pretty(tree);
  }
}
