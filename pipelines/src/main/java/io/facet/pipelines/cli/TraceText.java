package io.facet.pipelines.cli;

import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import io.facet.pipelines.trace.ArtifactTrace;
import io.facet.pipelines.trace.FigureTrace;
import io.facet.pipelines.trace.ImageTrace;
import io.facet.pipelines.trace.Origin;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Traces as text for terminals. */
final class TraceText {
  private TraceText() {}

  static String of(FigureTrace trace) {
    StringBuilder text = new StringBuilder(figures(trace.figures()));
    text.append(
        "%d pairs, %d of one person%s: %d faces of %d images%n"
            .formatted(
                trace.pairs(),
                trace.same(),
                trace.folds() > 1 ? ", in %d folds".formatted(trace.folds()) : "",
                trace.faces(),
                trace.images()));
    TextTable pairs = new TextTable("pair", "same", "score", "left", "right");
    for (FigureTrace.Pair pair : trace.shown()) {
      pairs.row(
          Integer.toString(pair.position()),
          pair.same() ? "yes" : "no",
          String.format(Locale.ROOT, "%.4f", pair.score()),
          picture(pair.left()),
          picture(pair.right()));
    }
    append(text, pairs);
    return text.append('\n').append(origin(trace.origin())).toString();
  }

  private static String picture(FigureTrace.Picture picture) {
    String id = ShortHash.of(picture.imageId());
    return picture.name().isEmpty() ? id : "%s (%s)".formatted(picture.name(), id);
  }

  static String of(ArtifactTrace trace) {
    StringBuilder text =
        new StringBuilder("%s %s%n".formatted(trace.instance(), ShortHash.of(trace.fingerprint())));
    if (!trace.figures().isEmpty()) {
      text.append(figures(trace.figures()));
    }
    text.append('\n').append(origin(trace.origin()));
    if (!trace.made().isEmpty()) {
      text.append('\n').append(steps("made of it", trace.made()));
    }
    return text.toString();
  }

  private static String figures(List<FigureTrace.Figure> figures) {
    TextTable table = new TextTable("model", "set", "figure", "value", "interval", "protocol");
    for (FigureTrace.Figure figure : figures) {
      table.row(
          figure.model(),
          figure.set(),
          figure.name(),
          String.format(Locale.ROOT, "%.5f", figure.value()),
          figure.low().isPresent() && figure.high().isPresent()
              ? String.format(Locale.ROOT, "[%.5f, %.5f]", figure.low().get(), figure.high().get())
              : "-",
          figure.protocol());
    }
    return table.toText();
  }

  private static String origin(Origin origin) {
    StringBuilder text = new StringBuilder(steps("comes from", origin.steps()));
    origin
        .missing()
        .forEach(
            (instance, fingerprint) ->
                text.append(
                    "%s %s is no longer in the store%n"
                        .formatted(instance, ShortHash.of(fingerprint))));
    TextTable sources = new TextTable("source", "people", "images", "what");
    for (Origin.Source source : origin.sources()) {
      sources.row(
          source.label(),
          Long.toString(source.people()),
          source.samples().entrySet().stream()
              .map(split -> split.getValue() + " " + split.getKey())
              .collect(Collectors.joining(", ")),
          source.kind());
    }
    append(text, sources);
    text.append('\n');
    text.append(
        "made by run %s%s, seed %d, program %s%n"
            .formatted(
                origin.run(),
                origin.recipe().isEmpty() ? "" : " of recipe " + origin.recipe(),
                origin.seed(),
                ShortHash.of(origin.gitCommit())));
    if (!origin.command().isEmpty()) {
      text.append("command: ").append(origin.command()).append('\n');
    }
    if (!origin.reproduction().isEmpty()) {
      text.append("recipe in full: ").append(origin.reproduction()).append('\n');
    }
    return text.toString();
  }

  private static String steps(String title, List<Origin.Step> steps) {
    TextTable table = new TextTable(title, "fingerprint", "finished", "run");
    for (Origin.Step step : steps) {
      table.row(step.instance(), ShortHash.of(step.fingerprint()), step.finished(), step.run());
    }
    return table.toText();
  }

  static String of(ImageTrace trace, int rows) {
    StringBuilder text =
        new StringBuilder(
            trace.format().isEmpty()
                ? "%s%n".formatted(trace.imageId())
                : "%s  %s, %dx%d%n"
                    .formatted(trace.imageId(), trace.format(), trace.width(), trace.height()));
    TextTable samples = new TextTable("sample", "identity", "split", "source", "ingest", "file");
    for (ImageTrace.Sample sample : trace.samples()) {
      samples.row(
          sample.name(),
          sample.identity(),
          sample.split(),
          sample.source(),
          ShortHash.of(sample.ingest()),
          sample.file());
    }
    append(text, samples);
    TextTable rejects = new TextTable("rejected by", "source", "name", "reason", "detail");
    for (ImageTrace.Reject reject : trace.rejects()) {
      rejects.row(
          ShortHash.of(reject.artifact()),
          reject.source(),
          reject.name(),
          reject.reason(),
          reject.detail());
    }
    append(text, rejects);
    TextTable faces = new TextTable("face", "align", "detector", "eyes apart", "sharpness");
    for (ImageTrace.Face face : trace.faces()) {
      faces.row(
          Integer.toString(face.faceIndex()),
          ShortHash.of(face.align()),
          number(face.score()),
          number(face.eyeDistance()),
          number(face.sharpness()));
    }
    append(text, faces);
    pairs(trace, rows, text);
    TextTable artifacts = new TextTable("artifact", "fingerprint", "rows", "run");
    for (ImageTrace.Holder holder : trace.artifacts()) {
      artifacts.row(
          holder.instance(), ShortHash.of(holder.fingerprint()), counts(holder), holder.run());
    }
    append(text, artifacts);
    TextTable models = new TextTable("model", "fingerprint", "the image's part", "run");
    for (ImageTrace.Model model : trace.models()) {
      models.row(
          model.instance(),
          ShortHash.of(model.fingerprint()),
          String.join(", ", model.uses()),
          model.run());
    }
    append(text, models);
    if (trace.models().isEmpty()) {
      text.append("no model was trained with it\n");
    }
    return text.toString();
  }

  private static void pairs(ImageTrace trace, int rows, StringBuilder text) {
    TextTable pairs = new TextTable("pair", "set", "same", "with", "ingest");
    trace.pairs().stream()
        .limit(rows)
        .forEach(
            pair ->
                pairs.row(
                    Integer.toString(pair.position()),
                    pair.set(),
                    pair.same() ? "yes" : "no",
                    ShortHash.of(pair.other()),
                    ShortHash.of(pair.ingest())));
    more(pairs, trace.pairs().size(), rows);
    append(text, pairs);
    TextTable scores = new TextTable("model", "pair", "set", "same", "score");
    trace.scores().stream()
        .limit(rows)
        .forEach(
            score ->
                scores.row(
                    score.model(),
                    Integer.toString(score.position()),
                    score.set(),
                    score.same() ? "yes" : "no",
                    number(score.score())));
    more(scores, trace.scores().size(), rows);
    append(text, scores);
  }

  private static void more(TextTable table, int all, int shown) {
    if (all > shown) {
      table.note("%d more; --rows shows them".formatted(all - shown));
    }
  }

  private static String counts(ImageTrace.Holder holder) {
    return holder.tables().entrySet().stream()
        .map(TraceText::count)
        .collect(Collectors.joining(", "));
  }

  private static String count(Map.Entry<String, Long> table) {
    return table.getKey() + " " + table.getValue();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void append(StringBuilder text, TextTable table) {
    if (!table.isEmpty()) {
      text.append(text.length() == 0 ? "" : "\n").append(table.toText());
    }
  }
}
