package io.facet.pipelines.card;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import java.util.Locale;

/** A model card as Markdown: the whole, and the short form of a registry's page. */
public final class CardText {
  private CardText() {}

  /**
   * The whole card.
   *
   * @param card of {@link ModelCard#of}
   */
  public static String markdown(JsonNode card) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(card.path("student").asText()).append(" of ");
    text.append(card.path("recipe").asText()).append("\n\n");
    facts(card, text);
    text.append("\n## Figures\n\n").append(figures(card));
    text.append("\n## Data\n\n").append(data(card));
    text.append("\n## Input\n\n```json\n");
    text.append(JsonText.pretty(card.path("preprocessing"))).append("```\n");
    text.append("\n## Use\n");
    code(text, "Python", "python", card.path("use").path("python"));
    code(text, "Java, with `facet-models`", "java", card.path("use").path("java"));
    if (card.path("use").path("python").isMissingNode()) {
      text.append("\nThe network has no ONNX form, so MLflow cannot load it.\n");
    }
    list(text, "Intended use", card.path("intendedUse"));
    list(text, "Limits", card.path("limits"));
    text.append("\n## Where it comes from\n\n");
    TextTable artifacts = new TextTable("artifact", "fingerprint");
    card.path("artifacts")
        .properties()
        .forEach(one -> artifacts.row(one.getKey(), "`" + one.getValue().asText() + "`"));
    text.append(artifacts.toMarkdown()).append("\nAt the end of training:\n\n");
    card.path("training")
        .properties()
        .forEach(one -> item(text, one.getKey(), number(one.getValue().asDouble())));
    return text.toString();
  }

  /** What stands on the page of a registered version: facts, figures and limits. */
  public static String description(JsonNode card) {
    StringBuilder text = new StringBuilder();
    facts(card, text);
    text.append('\n').append(figures(card));
    list(text, "Limits", card.path("limits"));
    return text.toString();
  }

  /** {@code 0.8730 [0.8530, 0.8930]}. */
  public static String withInterval(JsonNode figure) {
    String value = number(figure.path("value").asDouble());
    return figure.has("low")
        ? "%s [%s, %s]"
            .formatted(
                value,
                number(figure.path("low").asDouble()),
                number(figure.path("high").asDouble()))
        : value;
  }

  private static void facts(JsonNode card, StringBuilder text) {
    JsonNode network = card.path("network");
    JsonNode method = card.path("method");
    item(
        text,
        "network",
        "%s %s, %d parameters, embeddings of %d numbers"
            .formatted(
                network.path("backbone").asText(),
                network.path("options"),
                network.path("parameters").asLong(),
                network.path("embedding").asInt()));
    item(
        text,
        "method",
        method.path("key").asText()
            + (method.path("reconstructed").asBoolean() ? " (reconstructed)" : ""));
    if (!method.path("source").asText().isEmpty()) {
      item(text, "source of the method", method.path("source").asText());
    }
    String teacher = method.path("teacher").asText();
    item(text, "teacher", teacher.isEmpty() ? "none" : teacher);
    item(text, "seed", method.path("seed").asText());
  }

  private static String figures(JsonNode card) {
    JsonNode evaluation = card.path("evaluation");
    if (evaluation.path("figures").isEmpty()) {
      return "None: it was not measured.\n";
    }
    TextTable table = new TextTable("set", "figure", "value", "interval", "protocol");
    for (JsonNode figure : evaluation.path("figures")) {
      table.row(
          figure.path("set").asText(),
          figure.path("figure").asText(),
          number(figure.path("value").asDouble()),
          figure.has("low")
              ? "[%s, %s]"
                  .formatted(
                      number(figure.path("low").asDouble()), number(figure.path("high").asDouble()))
              : "-",
          figure.path("protocol").asText());
    }
    evaluation
        .path("absent")
        .properties()
        .forEach(one -> table.note(one.getKey() + ": absent, " + one.getValue().asText()));
    return "Intervals at %s %% confidence.\n\n%s"
        .formatted(number(100 * evaluation.path("confidence").asDouble()), table.toMarkdown());
  }

  private static String data(JsonNode card) {
    TextTable sources = new TextTable("source", "kind", "digest");
    for (JsonNode source : card.path("data").path("sources")) {
      sources.row(
          (source.path("role").asText() + " " + source.path("set").asText()).strip(),
          source.path("kind").asText(),
          "`" + ShortHash.of(source.path("digest").asText()) + "`");
    }
    TextTable tables = new TextTable("table", "rows", "digest");
    for (JsonNode table : card.path("data").path("tables")) {
      tables.row(
          table.path("name").asText(),
          table.path("rows").asText(),
          "`" + ShortHash.of(table.path("digest").asText()) + "`");
    }
    return sources.toMarkdown() + "\n" + tables.toMarkdown();
  }

  private static void code(StringBuilder text, String title, String language, JsonNode lines) {
    if (!lines.isMissingNode()) {
      text.append("\n%s:\n\n```%s\n%s```\n".formatted(title, language, lines.asText()));
    }
  }

  private static void list(StringBuilder text, String title, JsonNode items) {
    text.append("\n## ").append(title).append("\n\n");
    items.forEach(item -> text.append("- ").append(item.asText()).append('\n'));
  }

  private static void item(StringBuilder text, String name, String value) {
    text.append("- ").append(name).append(": ").append(value).append('\n');
  }

  /** Whole numbers as they are, others with five significant digits. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.5g", value);
  }
}
