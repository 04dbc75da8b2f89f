package io.facet.pipelines.champion;

import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.report.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the gate decided and why.
 *
 * @param verdict the decision
 * @param reason in one line
 * @param candidate label of the student that was judged
 * @param champion the champion it was compared with; empty if there was none
 * @param checks all that was looked at
 */
public record GateDecision(
    Verdict verdict, String reason, String candidate, String champion, List<Check> checks) {

  /** The decision. */
  public enum Verdict {
    /** There is no champion yet: the candidate becomes it. */
    FIRST,
    /** The candidate becomes champion. */
    PROMOTED,
    /** Not worse, but not significantly better: the champion stays. */
    KEPT,
    /** The candidate is the champion. */
    UNCHANGED,
    /** Significantly worse on a guarded figure, or out of bounds. */
    REFUSED;

    /** Whether the candidate takes the champion's place. */
    public boolean promotes() {
      return this == FIRST || this == PROMOTED;
    }

    /** {@code promoted}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the candidate stands in one check. */
  public enum Standing {
    /** The whole interval is above the champion. */
    BETTER,
    /** No significant difference, and no loss beyond the margin. */
    EVEN,
    /** A loss beyond the margin that may be chance. */
    DOUBTFUL,
    /** The whole interval is below the champion. */
    WORSE,
    /** Too few different pairs for the figure: it does not decide. */
    UNSUPPORTED,
    /** Within a bound. */
    WITHIN,
    /** Beyond a bound. */
    EXCEEDED
  }

  /**
   * One figure on one set, or a bound.
   *
   * @param name {@code lfw/accuracy}, {@code milliseconds}, {@code parameters}
   * @param rule {@code main}, {@code guarded}, or the bound
   * @param standing of the candidate
   * @param candidate its value
   * @param champion value of the champion
   * @param gain for the better, on the same pairs
   * @param low lower end of the gain's interval
   * @param high upper end
   * @param pairs that both judged
   */
  public record Check(
      String name,
      String rule,
      Standing standing,
      double candidate,
      Optional<Double> champion,
      Optional<Double> gain,
      Optional<Double> low,
      Optional<Double> high,
      int pairs) {

    /** {@code lfw/accuracy +1.25 [+0.40, +2.10]}, in points of a hundred. */
    String describe() {
      return gain.isPresent()
          ? String.format(
              Locale.ROOT,
              "%s %+.2f [%+.2f, %+.2f]",
              name,
              100 * gain.get(),
              100 * low.orElseThrow(),
              100 * high.orElseThrow())
          : "%s %s, %s".formatted(name, bare(candidate), rule);
    }
  }

  /** As JSON for programs. */
  public String json() {
    return JsonText.pretty(RecordBinder.toTree(this));
  }

  /** {@code promoted: better on lfw/accuracy +1.25 [+0.40, +2.10]}. */
  public String line() {
    return verdict.word() + ": " + reason;
  }

  /** Figures in percent, bounds as they are; for people. */
  public TextTable table() {
    TextTable table =
        new TextTable("check", "rule", "candidate", "champion", "gain", "interval", "standing");
    for (Check check : checks) {
      boolean figure = check.pairs() > 0;
      table.row(
          check.name(),
          check.rule(),
          number(check.candidate(), figure),
          check.champion().map(value -> number(value, figure)).orElse("-"),
          check.gain().map(gain -> signed(gain)).orElse("-"),
          check.low().isPresent()
              ? "[%s, %s]".formatted(signed(check.low().get()), signed(check.high().orElseThrow()))
              : "-",
          check.standing().name().toLowerCase(Locale.ROOT));
    }
    return table;
  }

  /** Whole numbers without a point, others with two digits behind it. */
  static String bare(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }

  private static String number(double value, boolean figure) {
    return figure ? String.format(Locale.ROOT, "%.2f", 100 * value) : bare(value);
  }

  private static String signed(double share) {
    return String.format(Locale.ROOT, "%+.2f", 100 * share);
  }
}
