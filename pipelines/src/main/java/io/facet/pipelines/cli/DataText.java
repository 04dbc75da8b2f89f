package io.facet.pipelines.cli;

import io.facet.pipelines.data.DataLook;
import io.facet.pipelines.data.Rows;
import io.facet.pipelines.report.TextTable;
import java.util.Locale;
import java.util.stream.Collectors;

/** A look at data as text for terminals. */
final class DataText {
  private DataText() {}

  static String of(DataLook look, int rows) {
    StringBuilder text = new StringBuilder(sources(look));
    TextTable histogram = new TextTable("images a person (training)", "people");
    look.histogram().forEach((images, people) -> histogram.row(images, Long.toString(people)));
    text.append('\n').append(histogram.toText());
    if (!look.rejects().isEmpty()) {
      text.append("\nrejected: ")
          .append(
              look.rejects().entrySet().stream()
                  .map(entry -> entry.getKey() + " " + entry.getValue())
                  .collect(Collectors.joining(", ")))
          .append('\n');
    }
    text.append('\n')
        .append(duplicates(look, rows))
        .append('\n')
        .append(alignedTwice(look))
        .append(unalignedCrops(look))
        .append(colours(look));
    text.append(labels(look, rows));
    if (!look.sharedPeople().isEmpty()) {
      text.append('\n').append(shared(look, rows));
    }
    TextTable shares = new TextTable("share", "value");
    look.shares().forEach((name, value) -> shares.row(name, number(value)));
    return text.append('\n').append(shares.toText()).toString();
  }

  private static String sources(DataLook look) {
    TextTable table = new TextTable("source", "split", "images", "unlabelled", "people");
    for (Rows.SourceCount row : look.sources()) {
      table.row(
          row.source(),
          row.split(),
          Long.toString(row.samples()),
          Long.toString(row.unlabelled()),
          Long.toString(row.people()));
    }
    return table.toText();
  }

  private static String duplicates(DataLook look, int rows) {
    if (look.duplicates().isEmpty()) {
      return "no picture stands twice in it\n";
    }
    TextTable table = new TextTable("group", "picture", "identity", "split", "what");
    look.duplicates().stream()
        .limit(rows)
        .forEach(
            row ->
                table.row(
                    Integer.toString(row.group()),
                    row.source() + ":" + row.name(),
                    row.identity(),
                    row.split(),
                    what(row)));
    more(table, look.duplicates().size(), rows);
    return "%d pictures stand several times in it, in %d groups%n%s"
        .formatted(look.duplicates().size(), look.groups(), table.toText());
  }

  /** Empty if no source is of such pictures. */
  private static String alignedTwice(DataLook look) {
    StringBuilder text = new StringBuilder();
    for (Rows.AlignedTwice row : look.alignedTwice()) {
      if (row.most()) {
        text.append(
            "%s: %d of %d pictures looked at were aligned faces already and are aligned twice; if its pictures are such faces, say aligned: true in the source%n"
                .formatted(row.source(), row.twice(), row.judged()));
      }
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  /** Empty if no source is of such pictures, and crops were looked at where there are some. */
  private static String unalignedCrops(DataLook look) {
    if (!look.cropsUnseen().isEmpty()) {
      return "whether crops are aligned was not looked at: %s%n%n".formatted(look.cropsUnseen());
    }
    StringBuilder text = new StringBuilder();
    for (Rows.UnalignedCrops row : look.unalignedCrops()) {
      if (row.most()) {
        text.append(
            "%s: %d of %d pictures taken as aligned crops have the face elsewhere (no face on %d); if they are photographs, say aligned: false in the source%n"
                .formatted(
                    row.source(), row.elsewhere(), row.judged(), row.judged() - row.faces()));
      }
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  /** Empty if no source seems to have the wrong order. */
  private static String colours(DataLook look) {
    StringBuilder text = new StringBuilder();
    for (Rows.ColourOrder row : look.colourOrder()) {
      if (row.wrong()) {
        text.append(
            "%s: %s tells its people apart better with red and blue exchanged (%.2f against %.2f, %d faces of %d people): write its pictures anew, or leave it out%n"
                .formatted(
                    row.source(),
                    look.teacher(),
                    row.exchanged(),
                    row.given(),
                    row.faces(),
                    row.people()));
      }
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  private static String what(Rows.Duplicate row) {
    return (row.exact() ? "same bytes" : "alike")
        + (row.conflict() ? ", several people" : "")
        + (row.leak() ? ", in training and verification" : "");
  }

  private static String labels(DataLook look, int rows) {
    if (look.teacher().isEmpty()) {
      return "labels were not judged: no teacher's embeddings of training faces are there\n";
    }
    String judged =
        String.format(
            Locale.ROOT,
            "%d labels judged by %s (usual cosine %.3f): %d doubtful%n",
            look.judged(),
            look.teacher(),
            look.usual(),
            look.labelErrors().size());
    if (look.labelErrors().isEmpty()) {
      return judged;
    }
    TextTable table = new TextTable("picture", "said to be", "cosine", "nearer to", "cosine");
    look.labelErrors().stream()
        .limit(rows)
        .forEach(
            row ->
                table.row(
                    row.source() + ":" + row.name(),
                    row.identity(),
                    number(row.own()),
                    row.otherIdentity(),
                    number(row.other())));
    more(table, look.labelErrors().size(), rows);
    return judged + table.toText();
  }

  private static String shared(DataLook look, int rows) {
    TextTable table = new TextTable("set", "person", "looks like, in training", "cosine");
    look.sharedPeople().stream()
        .limit(rows)
        .forEach(
            row ->
                table.row(
                    row.set(), row.identity(), row.trainIdentity(), number(row.similarity())));
    more(table, look.sharedPeople().size(), rows);
    return table.toText();
  }

  private static void more(TextTable table, int all, int shown) {
    if (all > shown) {
      table.note("%d more; --rows shows them, --out writes them".formatted(all - shown));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
