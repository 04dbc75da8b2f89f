package io.facet.pipelines.overview;

import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.Tag;
import java.util.List;

/** What a run made, as one HTML file that needs nothing else. */
public final class RunPage {
  /** Name of the file, in the run's folder and among its artifacts in MLflow. */
  public static final String FILE = "report.html";

  private RunPage() {}

  /**
   * Writes the page. Its size does not grow with the number of pairs, images or steps, and beyond
   * some hundred rows a table not with the number of models.
   *
   * @throws io.facet.models.DataException if a table of an artifact cannot be read
   */
  public static byte[] of(ReportedRun run, Pictures pictures) {
    Findings findings = Findings.read(run);
    Page page = new Page("%s: what the run made".formatted(run.recipe()), heading(run));
    page.section("summary", "Summary", SummarySection.of(findings));
    if (!findings.leaderboard().isEmpty()) {
      page.section("leaderboard", "Leaderboard", LeaderboardSection.of(findings));
    }
    List<Tag> curves = CurvesSection.of(run);
    if (!curves.isEmpty()) {
      page.section("curves", "Learning curves", curves);
    }
    if (!findings.metrics().isEmpty()) {
      page.section("rates", "Error rates", RatesSection.of(findings));
      page.section("scores", "Scores", ScoresSection.of(findings));
      page.section("cost", "Accuracy against size, time and memory", CostSection.of(findings));
      page.section("errors", "Worst errors", ErrorsSection.of(findings, pictures));
    }
    page.section("data", "Data", DataSection.of(run));
    page.section("stages", "Stages and times", StagesSection.times(run));
    page.section("lineage", "Lineage", StagesSection.lineage(run));
    page.section("recipe", "Recipe", OriginSection.recipe(run));
    page.section("environment", "Environment", OriginSection.environment(run));
    return page.bytes();
  }

  private static Tag heading(ReportedRun run) {
    Tag list = Tag.of("dl");
    entry(list, "run", run.run());
    entry(list, "state", run.state());
    entry(list, "started", shown(run.started()));
    run.ended().ifPresent(end -> entry(list, "ended", shown(end)));
    return list;
  }

  private static void entry(Tag list, String name, String value) {
    list.add(Tag.of("dt", name)).add(Tag.of("dd").add(Tag.foreign(value)));
  }

  /** ISO time to the second, in UTC. */
  private static String shown(String time) {
    return time.replaceAll("\\.\\d+Z$", "Z").replace('T', ' ').replace("Z", " UTC");
  }
}
