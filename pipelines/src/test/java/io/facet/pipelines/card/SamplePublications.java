package io.facet.pipelines.card;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.transforms.row.MetricRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publications of a very small network, measured and not. */
final class SamplePublications {
  private static final String RECIPE =
      """
      name: sample
      data:
        train:
          - synthetic: {identities: 12, shots: 4, size: 96}
        verification:
          - name: drawn
            source: {synthetic: {firstIdentity: 1000000, identities: 10, shots: 4, pairs: 40, size: 96}}
      align: {detector: given}
      distill:
        student: {mobilefacenet: {width: 0.125, embedding: 16}}
        methods: [none]
      publish: {model: small, alias: candidate}
      """;

  private SamplePublications() {}

  static Published measured(Preprocessing preprocessing) {
    ModelFile model = model(preprocessing);
    MetricRow accuracy =
        new MetricRow(
            "none#1", "student", "none", 1, "drawn", "lfw-10fold-v2", "accuracy", 0.75, 0.5, 0.9);
    MetricRow pairs =
        new MetricRow(
            "none#1",
            "student",
            "none",
            1,
            "drawn",
            "lfw-10fold-v2",
            "pairs",
            40,
            Double.NaN,
            Double.NaN);
    MetricRow size =
        new MetricRow(
            "none#1", "student", "none", 1, "", "", "parameters", 9, Double.NaN, Double.NaN);
    return new Published(
        RecipeFile.parse("sample.yaml", RECIPE, List.of()).recipe(),
        "none#1",
        "f".repeat(64),
        model,
        manifest(
            "ingest",
            Map.of("content.train.0", "aa11", "content.drawn", "bb22"),
            List.of(new Manifest.Table("images", List.of(), 48, "cc33", List.of()))),
        manifest("align", Map.of(), List.of()),
        manifest("distill[none#1]", Map.of(), List.of()),
        Optional.of(manifest("evaluate[none#1]", Map.of(), List.of())),
        List.of(accuracy, pairs, size),
        Optional.of(OnnxExport.bytes(model)));
  }

  /** Its evaluation failed, and it has no ONNX form. */
  static Published neitherMeasuredNorExported() {
    Published one = measured(Preprocessing.STANDARD);
    return new Published(
        one.recipe(),
        one.name(),
        one.fingerprint(),
        one.model(),
        one.ingest(),
        one.align(),
        one.training(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static ModelFile model(Preprocessing preprocessing) {
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class, "mobilefacenet", "{\"width\": 0.125, \"embedding\": 16}");
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      return ModelFile.of(backbone, preprocessing, network);
    }
  }

  private static Manifest manifest(
      String instance, Map<String, String> inputs, List<Manifest.Table> tables) {
    return new Manifest(
        Manifest.FORMAT,
        instance.replaceAll("\\[.*", ""),
        instance,
        instance + "-fingerprint",
        inputs,
        Map.of(),
        JsonNodeFactory.instance.objectNode(),
        tables,
        List.of(),
        Map.of(),
        "unknown",
        1,
        Map.of("loss/total", 2.5),
        Map.of(
            "method",
            "cakd",
            "source",
            "reconstructed from a paper",
            "seed",
            "1",
            "drawn/tar-at-far-1e-03",
            "absent: needs 1000 different pairs, the set has 20"),
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:01:00.123456789Z",
        "run");
  }
}
