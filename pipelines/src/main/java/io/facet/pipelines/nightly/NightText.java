package io.facet.pipelines.nightly;

import java.util.Locale;

/** A night in a few lines for people: mail, log, terminal. */
final class NightText {
  private NightText() {}

  static String of(Night night) {
    StringBuilder text = new StringBuilder();
    text.append(
        "night %d of %s%s: %s (exit %d)%n"
            .formatted(
                night.number(),
                night.recipe(),
                night.resumed() ? ", resumed" : "",
                night.decision(),
                night.exitCode()));
    line(text, "why", night.reason());
    night
        .images()
        .ifPresent(
            images ->
                line(
                    text,
                    "data",
                    images
                        + " images"
                        + night.newImages().map(more -> " (%+d)".formatted(more)).orElse("")));
    long made = count(night, "made");
    long cached = count(night, "cached");
    long lost = night.stages().size() - made - cached;
    line(
        text,
        "stages",
        String.format(
            Locale.ROOT,
            "%d made, %d reused%s, %.1f s",
            made,
            cached,
            lost > 0 ? ", %d failed or skipped".formatted(lost) : "",
            night.seconds()));
    line(text, "candidate", night.candidate());
    line(text, "champion", night.champion());
    if (night.removedArtifacts() > 0) {
      line(
          text,
          "cleaned",
          String.format(
              Locale.ROOT,
              "%d artifacts, %.1f MB",
              night.removedArtifacts(),
              night.removedBytes() / 1e6));
    }
    if (night.undelivered() > 0) {
      line(text, "MLflow", night.undelivered() + " events wait in the outbox");
    }
    return text.toString();
  }

  private static long count(Night night, String result) {
    return night.stages().stream().filter(part -> part.result().equals(result)).count();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append("%-10s %s%n".formatted(name, value));
    }
  }
}
