package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.leaderboard.LeaderboardTable;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.row.LeaderboardRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The run in a few sentences. */
final class SummarySection {
  private static final double SIGNIFICANT = 0.05;

  private SummarySection() {}

  static List<Tag> of(Findings findings) {
    List<Tag> content = new ArrayList<>();
    content.add(Tag.of("p", ended(findings.run())));
    data(findings.run()).ifPresent(text -> content.add(Tag.of("p", text)));
    Tag list = Tag.of("ul");
    for (String set : findings.sets()) {
      measured(findings, set).ifPresent(text -> list.add(Tag.of("li", text)));
    }
    content.add(
        findings.leaderboard().isEmpty() ? Tag.of("p", "No model was measured and ranked.") : list);
    return content;
  }

  private static String ended(ReportedRun run) {
    long made = run.parts().stream().filter(part -> part.seconds() > 0).count();
    long reused = run.parts().stream().filter(ReportedRun.Part::reused).count();
    String time =
        run.ended()
            .map(end -> Duration.between(Instant.parse(run.started()), Instant.parse(end)))
            .map(took -> " after " + Figures.duration(took.toMillis() / 1000.0))
            .orElse("");
    StringBuilder text = new StringBuilder();
    text.append(
            "The run is %s%s. Of its %d stages, ".formatted(run.state(), time, run.parts().size()))
        .append("%d were computed and %d reused.".formatted(made, reused));
    if (!run.reason().isEmpty()) {
      text.append(" It did not finish: ").append(run.reason());
    }
    return text.toString();
  }

  private static Optional<String> data(ReportedRun run) {
    return run.artifact(Stages.INGEST)
        .map(
            ingest -> {
              long images = rows(ingest, "images");
              long pairs = rows(ingest, "pairs");
              long faces = run.artifact(Stages.ALIGN).map(a -> rows(a, "faces")).orElse(0L);
              long rejects = run.withTable("rejects").mapToLong(a -> rows(a, "rejects")).sum();
              return "It read %s distinct images and %s pairs, and has %s aligned faces; %s."
                  .formatted(
                      Figures.count(images),
                      Figures.count(pairs),
                      Figures.count(faces),
                      rejects == 0
                          ? "nothing was rejected"
                          : Figures.count(rejects) + " images or pairs were rejected");
            });
  }

  private static long rows(Artifact artifact, String table) {
    return artifact.manifest().table(table).map(found -> found.rows()).orElse(0L);
  }

  private static Optional<String> measured(Findings findings, String set) {
    List<LeaderboardRow> rows =
        findings.leaderboard().stream().filter(row -> row.set().equals(set)).toList();
    Optional<LeaderboardRow> student =
        rows.stream().filter(row -> row.role().equals("student")).findFirst();
    Optional<LeaderboardRow> best = student.or(() -> rows.stream().findFirst());
    return best.map(
        row -> {
          String text =
              "On %s the best %s is %s with %s %% of the pairs judged rightly (%s %s to %s)."
                  .formatted(
                      set,
                      row.role(),
                      row.name(),
                      Figures.percent(row.accuracy()),
                      LeaderboardTable.interval(findings.confidence()),
                      Figures.percent(row.low()),
                      Figures.percent(row.high()));
          return text + compared(row) + teacher(rows, row);
        });
  }

  private static String compared(LeaderboardRow row) {
    if (row.baseline().isEmpty()) {
      return "";
    }
    boolean covered = row.differenceLow() <= 0 && row.differenceHigh() >= 0;
    boolean chance = covered || row.adjustedPValue() > SIGNIFICANT;
    String baseline =
        row.baseline().equals("none") ? "the same student trained alone" : row.baseline();
    return Figures.format(
        " That is %.1f points %s than %s (%+.1f to %+.1f, p %.3f)%s.",
        100 * Math.abs(row.difference()),
        row.difference() < 0 ? "worse" : "better",
        baseline,
        100 * row.differenceLow(),
        100 * row.differenceHigh(),
        row.adjustedPValue(),
        chance ? ", which may be chance" : "");
  }

  private static String teacher(List<LeaderboardRow> rows, LeaderboardRow best) {
    return rows.stream()
        .filter(row -> row.role().equals("teacher") && !row.name().equals(best.name()))
        .findFirst()
        .map(
            row ->
                " The best teacher, %s, has %s %%."
                    .formatted(row.name(), Figures.percent(row.accuracy())))
        .orElse("");
  }
}
