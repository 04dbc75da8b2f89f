package io.facet.models.embed;

import ai.djl.ndarray.NDManager;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Pixels;
import io.facet.models.onnx.OnnxExportable;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import java.util.List;

/** Writes models as ONNX and measures how far the result is from the original. */
public final class OnnxExport {
  /** Largest accepted {@link #difference} between an export and its original. */
  public static final double TOLERANCE = 1e-4;

  private OnnxExport() {}

  /** Whether {@link #bytes} can write this model. */
  public static boolean canExport(ModelFile model) {
    return canExport(model.backbone());
  }

  /** Whether networks of this kind have an ONNX form. */
  public static boolean canExport(Selected<Backbone<?>> backbone) {
    return Backbone.create(backbone) instanceof OnnxExportable;
  }

  /**
   * The bytes of an ONNX model with input {@code images} {@code (batch, 3, H, W)} and output {@code
   * embedding} {@code (batch, d)}; its metadata hold the preprocessing contract and the notes.
   *
   * @throws RecipeException if this kind of network has no ONNX form
   */
  public static byte[] bytes(ModelFile model) {
    try (NDManager manager = Torch.newManager()) {
      Network network = model.open(manager);
      if (!(network instanceof OnnxExportable exportable)) {
        throw new RecipeException(
            "backbone '%s' cannot be exported to ONNX; publish its safetensors file instead"
                .formatted(model.backbone().key()));
      }
      OnnxGraph graph = new OnnxGraph(network);
      String embedding = exportable.writeTo(graph, "images");
      ModelProto.Builder proto =
          graph.build(
              "images",
              network.inputShape().getShape(),
              embedding,
              "embedding",
              network.embeddingSize());
      model
          .metadata()
          .forEach(
              (key, value) ->
                  proto.addMetadataProps(
                      StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
      return proto.build().toByteArray();
    }
  }

  /**
   * Largest difference between two models' embeddings of the same crops: absolute up to values of
   * 1, beyond that relative to the largest value.
   */
  public static double difference(Embedder one, Embedder other, List<Pixels> crops) {
    float[][] a = one.embed(crops);
    float[][] b = other.embed(crops);
    double largest = 0;
    double magnitude = 1;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        double difference = Math.abs((double) a[i][j] - b[i][j]);
        if (!Double.isFinite(difference)) {
          return Double.POSITIVE_INFINITY;
        }
        largest = Math.max(largest, difference);
        magnitude = Math.max(magnitude, Math.abs(a[i][j]));
      }
    }
    return largest / magnitude;
  }
}
