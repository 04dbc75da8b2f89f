package io.facet.pipelines.overview;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.html.Chart;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.Page;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Scale;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.report.Bins;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the data is like: how many, how large, how sharp, and what could not be used. */
final class DataSection {
  private static final int FINE = 1200;
  private static final int DRAWN = 40;
  private static final double LEAST = 1e-3;

  private DataSection() {}

  /** The columns of {@code images} that say how large they are. */
  record ImageSize(int width, int height) {}

  /** The columns of {@code faces} that say how good they are. */
  record FaceQuality(float score, float eyeDistance, float sharpness) {}

  private static final class Split {
    private long names;
    private final Set<String> people = new HashSet<>();
  }

  static List<Tag> of(ReportedRun run) {
    List<Tag> content = new ArrayList<>();
    run.artifact(Stages.INGEST)
        .ifPresent(
            ingest -> {
              content.add(splits(ingest));
              content.add(duplicates(ingest));
            });
    List<Tag> charts = new ArrayList<>();
    PageTable measures =
        new PageTable(
            "Images and faces: share below which value, to about 2 %",
            "measure", "#number", "#5 %", "#25 %", "#50 %", "#75 %", "#95 %");
    measured(run)
        .forEach(
            (name, bins) -> {
              if (bins.total() > 0) {
                if (!bins.isConstant()) {
                  charts.add(chart(name, bins));
                }
                measures.row(cells(name, bins));
              }
            });
    if (!measures.isEmpty()) {
      content.add(Page.sideBySide(charts));
      content.add(measures.tag());
    }
    content.add(rejects(run));
    return content;
  }

  private static Tag splits(Artifact ingest) {
    Map<String, Split> splits = new TreeMap<>();
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        Split split = splits.computeIfAbsent(row.split(), name -> new Split());
        split.names++;
        if (!row.identity().isEmpty()) {
          split.people.add(row.identity());
        }
      }
    }
    PageTable table =
        new PageTable(
            "Images by use; the same image may have several names",
            "split or set",
            "#names of images",
            "#people known");
    splits.forEach(
        (name, split) ->
            table.row(name, Figures.count(split.names), Figures.count(split.people.size())));
    return table.tag();
  }

  private static Tag duplicates(Artifact ingest) {
    long duplicates =
        Math.round(ingest.manifest().metrics().getOrDefault("duplicates", Double.NaN));
    return Tag.of(
        "p",
        duplicates == 0
            ? "No image came twice."
            : "%s names are of images that have another name too (duplicates)."
                .formatted(Figures.count(duplicates)));
  }

  private static Map<String, Bins> measured(ReportedRun run) {
    Map<String, Bins> bins = new LinkedHashMap<>();
    bins.put("shorter side of the image, pixels", new Bins(1, 1e5, FINE, true));
    bins.put("detector score", new Bins(0, 1, FINE, false));
    bins.put("distance of the eyes, pixels", new Bins(LEAST, 1e5, FINE, true));
    bins.put("sharpness of the crop", new Bins(LEAST, 1e6, FINE, true));
    List<Bins> order = List.copyOf(bins.values());
    run.artifact(Stages.INGEST)
        .ifPresent(
            ingest -> {
              try (ParquetTable.Rows<ImageSize> rows =
                  ParquetTable.read(ImageSize.class, ingest.tableUris("images"))) {
                rows.forEach(row -> order.get(0).add(Math.min(row.width(), row.height())));
              }
            });
    run.artifact(Stages.ALIGN)
        .ifPresent(
            align -> {
              try (ParquetTable.Rows<FaceQuality> rows =
                  ParquetTable.read(FaceQuality.class, align.tableUris("faces"))) {
                for (FaceQuality row : rows) {
                  order.get(1).add(row.score());
                  order.get(2).add(row.eyeDistance());
                  order.get(3).add(row.sharpness());
                }
              }
            });
    return bins;
  }

  private static Tag chart(String name, Bins bins) {
    Bins.Outline outline = bins.outline(DRAWN);
    double top = Arrays.stream(outline.counts()).max().orElse(1);
    double from = outline.edges()[0];
    double to = outline.edges()[outline.counts().length];
    boolean logarithmic = !name.equals("detector score");
    Scale x = logarithmic && to / from > 3 ? new Scale(from, to, true) : new Scale(from, to, false);
    Chart chart =
        new Chart(
            "How many have which " + name,
            x,
            name + (x.logarithmic() ? ", logarithmic" : ""),
            new Scale(0, 1.05 * top, false),
            "number");
    return Page.figure(
        chart.area(outline.edges(), outline.counts(), 0).svg(),
        "%s: %s measured".formatted(name, Figures.count(bins.total())),
        List.of());
  }

  private static String[] cells(String name, Bins bins) {
    List<String> cells = new ArrayList<>(List.of(name, Figures.count(bins.total())));
    for (double share : new double[] {0.05, 0.25, 0.5, 0.75, 0.95}) {
      cells.add(rounded(bins.quantile(share)));
    }
    return cells.toArray(String[]::new);
  }

  /** Three digits: bins are no finer. */
  private static String rounded(double value) {
    if (value >= 100) {
      return Figures.count(Math.round(value));
    }
    return Figures.format(value >= 1 ? "%.1f" : "%.3f", value);
  }

  private static Tag rejects(ReportedRun run) {
    Map<String, long[]> counts = new TreeMap<>();
    Map<String, String> examples = new TreeMap<>();
    run.withTable("rejects")
        .forEach(
            artifact -> {
              try (ParquetTable.Rows<RejectRow> rows =
                  ParquetTable.read(RejectRow.class, artifact.tableUris("rejects"))) {
                for (RejectRow row : rows) {
                  String key = artifact.manifest().instance() + "\n" + row.reason();
                  counts.computeIfAbsent(key, reason -> new long[1])[0]++;
                  examples.putIfAbsent(
                      key, row.name() + (row.detail().isEmpty() ? "" : ": " + row.detail()));
                }
              }
            });
    if (counts.isEmpty()) {
      return Tag.of("p", "Nothing was rejected.");
    }
    PageTable table =
        new PageTable("What could not be used, by reason", "stage", "reason", "#number", "such as");
    counts.forEach(
        (key, count) -> {
          String[] parts = key.split("\n", 2);
          table.row(parts[0], parts[1], Figures.count(count[0]), shortened(examples.get(key)));
        });
    return table.tag();
  }

  private static String shortened(String text) {
    int most = 200;
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
