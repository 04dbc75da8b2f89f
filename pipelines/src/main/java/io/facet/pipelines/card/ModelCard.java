package io.facet.pipelines.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.Redaction;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.recipe.DataRecipe;
import io.facet.transforms.row.MetricRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people should know of a published student, as one tree. Every figure stands in an artifact
 * that the card names; nothing is measured here.
 */
public final class ModelCard {
  /** The card for programs. */
  public static final String JSON = "model-card.json";

  /** The card for people. */
  public static final String MARKDOWN = "model-card.md";

  private static final String RECONSTRUCTED = "reconstructed";
  private static final String ABSENT = "absent: ";

  private ModelCard() {}

  /** The card of a student, without secrets. */
  public static JsonNode of(Published student) {
    ObjectNode card = JsonNodeFactory.instance.objectNode();
    card.put("format", 1);
    card.put("model", student.registered());
    card.put("student", student.name());
    card.put("recipe", student.recipe().name());
    card.set("network", network(student));
    card.set("method", method(student.training()));
    card.set("preprocessing", RecordBinder.toTree(student.model().preprocessing()));
    card.set("data", data(student));
    card.set("training", numbers(student.training().metrics()));
    card.set("evaluation", evaluation(student));
    card.set("artifacts", artifacts(student));
    card.set("use", CardUse.of(student));
    texts(card.putArray("intendedUse"), CardLimits.intended());
    texts(card.putArray("limits"), CardLimits.of(student));
    return Redaction.tree(card);
  }

  private static ObjectNode network(Published student) {
    Network network = Backbone.create(student.model().backbone());
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("backbone", student.model().backbone().key());
    tree.set("options", JsonText.parse("backbone", student.model().backbone().json()));
    tree.put("parameters", network.parameterCount());
    tree.put("embedding", network.embeddingSize());
    student
        .onnx()
        .ifPresent(
            onnx ->
                tree.putObject("onnx")
                    .put("bytes", onnx.length)
                    .put("sha256", FileDigests.sha256(onnx)));
    return tree;
  }

  private static ObjectNode method(Manifest training) {
    Map<String, String> notes = training.notes();
    String source = notes.getOrDefault("source", "");
    return JsonNodeFactory.instance
        .objectNode()
        .put("key", notes.getOrDefault("method", ""))
        .put("source", source)
        .put("reconstructed", source.startsWith(RECONSTRUCTED))
        .put("teacher", notes.getOrDefault("teacher", ""))
        .put("seed", notes.getOrDefault("seed", ""));
  }

  /** Sources by the digest of their files, and the tables made of them by the digest of rows. */
  private static ObjectNode data(Published student) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    DataRecipe data = student.recipe().data();
    Map<String, String> inputs = student.ingest().inputs();
    ArrayNode sources = tree.putArray("sources");
    for (int i = 0; i < data.train().size(); i++) {
      source(sources, "training", "", data.train().get(i).key(), inputs.get("content.train." + i));
    }
    for (DataRecipe.VerificationRecipe set : data.verification()) {
      source(
          sources,
          "verification",
          set.name(),
          set.source().key(),
          inputs.get("content." + set.name()));
    }
    ArrayNode tables = tree.putArray("tables");
    for (Manifest manifest : List.of(student.ingest(), student.align())) {
      for (Manifest.Table table : manifest.tables()) {
        if (!table.name().equals("timings")) {
          tables
              .addObject()
              .put("name", manifest.instance() + "/" + table.name())
              .put("rows", table.rows())
              .put("digest", table.digest());
        }
      }
    }
    return tree;
  }

  private static void source(
      ArrayNode sources, String role, String set, String kind, String digest) {
    ObjectNode source = sources.addObject().put("role", role);
    if (!set.isEmpty()) {
      source.put("set", set);
    }
    source.put("kind", kind).put("digest", digest == null ? "" : digest);
  }

  private static ObjectNode evaluation(Published student) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("confidence", student.recipe().evaluate().confidence());
    ArrayNode figures = tree.putArray("figures");
    for (MetricRow row : student.figures()) {
      if (!row.set().isEmpty()) {
        ObjectNode figure =
            figures
                .addObject()
                .put("set", row.set())
                .put("figure", row.name())
                .put("value", row.value());
        if (Double.isFinite(row.low()) && Double.isFinite(row.high())) {
          figure.put("low", row.low()).put("high", row.high());
        }
        figure.put("protocol", row.protocol());
      }
    }
    ObjectNode absent = tree.putObject("absent");
    student
        .evaluation()
        .ifPresent(
            manifest ->
                new TreeMap<>(manifest.notes())
                    .forEach(
                        (figure, note) -> {
                          if (note.startsWith(ABSENT)) {
                            absent.put(figure, note.substring(ABSENT.length()));
                          }
                        }));
    return tree;
  }

  /** Where each statement comes from. */
  private static ObjectNode artifacts(Published student) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("publish", student.fingerprint());
    for (Manifest manifest : List.of(student.ingest(), student.align(), student.training())) {
      tree.put(manifest.instance(), manifest.fingerprint());
    }
    student
        .evaluation()
        .ifPresent(manifest -> tree.put(manifest.instance(), manifest.fingerprint()));
    return tree;
  }

  private static ObjectNode numbers(Map<String, Double> metrics) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(metrics).forEach(tree::put);
    return tree;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
