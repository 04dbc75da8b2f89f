package io.facet.pipelines.overview;

import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.reproduce.Reproduction;
import java.util.List;
import java.util.TreeMap;

/** What it takes to run the run again: its resolved recipe, and the machine it ran on. */
final class OriginSection {
  private static final int LONGEST = 200_000;
  private static final String NOT_KEPT = "The run kept none: it has not ended by itself.";

  private OriginSection() {}

  static List<Tag> recipe(ReportedRun run) {
    return run.reproduction()
        .map(Reproduction::recipe)
        .map(
            yaml ->
                List.of(
                    Tag.of("p", "All options, also those that the recipe file left to defaults:"),
                    Tag.of("pre")
                        .with("tabindex", "0")
                        .with("role", "group")
                        .with("aria-label", "Resolved recipe")
                        .add(
                            Tag.of(
                                "code",
                                yaml.length() <= LONGEST ? yaml : yaml.substring(0, LONGEST)))))
        .orElseGet(() -> List.of(Tag.of("p", NOT_KEPT)));
  }

  static List<Tag> environment(ReportedRun run) {
    if (run.reproduction().isEmpty()) {
      return List.of(Tag.of("p", NOT_KEPT));
    }
    PageTable table = new PageTable("Program, libraries and machine", "what", "value");
    new TreeMap<>(run.reproduction().get().machine()).forEach(table::row);
    return List.of(table.tag());
  }
}
