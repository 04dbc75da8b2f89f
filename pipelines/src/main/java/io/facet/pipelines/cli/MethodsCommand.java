package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.face.FaceDetector;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Extension;
import io.facet.models.option.Extensions;
import io.facet.models.option.OptionDocs;
import io.facet.models.option.OptionRow;
import io.facet.models.option.Spelling;
import io.facet.models.train.augment.Augmentation;
import io.facet.models.train.optimiser.Optimiser;
import io.facet.models.train.sampler.Sampler;
import io.facet.models.train.schedule.Schedule;
import io.facet.transforms.source.FaceSource;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.WordUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what recipes can choose from, read off the code itself. */
@Command(
    name = "methods",
    description =
        "Lists methods and everything else recipes choose by key; with a KEY its options.")
final class MethodsCommand implements Runnable {
  private static final int COLUMNS = 80;
  private static final int INDENT = 24;

  @Parameters(
      arity = "0..1",
      paramLabel = "KEY",
      description = "Show the options of this one only, such as cakd or mobilefacenet.")
  private String key;

  @Option(names = "--markdown", description = "All of it, with all options, as a Markdown page.")
  private boolean markdown;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (markdown) {
      out.print(MethodsReference.of(kinds()));
    } else if (key == null) {
      overview(out);
    } else {
      details(out);
    }
    out.flush();
  }

  private void overview(PrintWriter out) {
    for (Map.Entry<String, List<DistillationMethod<?>>> group : MethodGroups.all().entrySet()) {
      out.println("methods that " + group.getKey());
      group.getValue().forEach(method -> line(out, method, MethodGroups.notes(method)));
    }
    for (Map.Entry<String, Class<? extends Extension<?>>> kind : kinds().entrySet()) {
      if (kind.getValue() != (Class<?>) DistillationMethod.class) {
        out.println(kind.getKey());
        Extensions.all(kind.getValue()).values().forEach(other -> line(out, other, ""));
      }
    }
    out.println();
    out.println("'facet methods KEY' shows options, ranges, defaults and sources.");
  }

  private static void line(PrintWriter out, Extension<?> extension, String notes) {
    String text =
        WordUtils.wrap(
            extension.summary() + notes,
            COLUMNS - INDENT,
            System.lineSeparator() + " ".repeat(INDENT),
            false);
    out.println("  %-21s ".formatted(extension.key()) + text);
  }

  private void details(PrintWriter out) {
    Set<String> keys = new TreeSet<>();
    boolean found = false;
    for (Map.Entry<String, Class<? extends Extension<?>>> kind : kinds().entrySet()) {
      keys.addAll(Extensions.all(kind.getValue()).keySet());
      found |= print(out, kind.getKey(), kind.getValue());
    }
    if (!found) {
      throw new RecipeException(
          "nothing has the key '%s'%s; 'facet methods' lists all keys"
              .formatted(key, Spelling.didYouMean(key, keys)));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Class<? extends Extension<?>>> kinds() {
    Map<String, Class<? extends Extension<?>>> kinds = new LinkedHashMap<>();
    kinds.put("methods", (Class<? extends Extension<?>>) (Class<?>) DistillationMethod.class);
    kinds.put("backbones", (Class<? extends Extension<?>>) (Class<?>) Backbone.class);
    kinds.put("heads", (Class<? extends Extension<?>>) (Class<?>) MarginHead.class);
    kinds.put("optimisers", (Class<? extends Extension<?>>) (Class<?>) Optimiser.class);
    kinds.put("schedules", (Class<? extends Extension<?>>) (Class<?>) Schedule.class);
    kinds.put("samplers", (Class<? extends Extension<?>>) (Class<?>) Sampler.class);
    kinds.put("augmentations", (Class<? extends Extension<?>>) (Class<?>) Augmentation.class);
    kinds.put("detectors", (Class<? extends Extension<?>>) (Class<?>) FaceDetector.class);
    kinds.put("sources", (Class<? extends Extension<?>>) (Class<?>) FaceSource.class);
    return kinds;
  }

  private <E extends Extension<?>> boolean print(PrintWriter out, String title, Class<E> kind) {
    boolean any = false;
    for (E extension : Extensions.all(kind).values()) {
      if (!key.equals(extension.key())) {
        continue;
      }
      if (!any) {
        out.println(title);
        any = true;
      }
      out.printf("  %s: %s%n", extension.key(), extension.summary());
      if (!extension.source().isEmpty()) {
        out.printf("      source: %s%n", extension.source());
      }
      for (OptionRow row : OptionDocs.rows(extension.optionsType())) {
        out.printf("      %s%n", line(row));
      }
    }
    return any;
  }

  private static String line(OptionRow row) {
    StringBuilder line = new StringBuilder(row.name()).append(" (").append(row.type());
    if (!row.range().isEmpty()) {
      line.append(' ').append(row.range());
    }
    if (!row.allowed().isEmpty()) {
      line.append(": ").append(String.join(" | ", row.allowed()));
    }
    line.append("; ").append(row.defaultValue().equals("required") ? "" : "default ");
    line.append(row.defaultValue()).append("): ").append(row.description());
    return row.source().isEmpty()
        ? line.toString()
        : line.append(" [").append(row.source()).append(']').toString();
  }
}
