package io.facet.models.onnx;

/** A network that can be written as an ONNX graph of its evaluation mode. */
public interface OnnxExportable {
  /**
   * Adds the network's nodes.
   *
   * @param images name of the input, {@code (B, 3, H, W)}
   * @return name of the embeddings, {@code (B, d)}
   */
  String writeTo(OnnxGraph graph, String images);
}
