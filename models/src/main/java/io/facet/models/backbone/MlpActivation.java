package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.TorchOps;

/** Activation inside the MLPs of transformers. */
public enum MlpActivation {
  /** min(max(x, 0), 6), as arcface_torch. */
  RELU6,
  /** x Phi(x), as the original ViT. */
  GELU;

  NDArray apply(NDArray x) {
    return this == GELU ? TorchOps.gelu(x) : TorchOps.relu6(x);
  }

  String writeTo(OnnxTokens tokens, String x) {
    return this == GELU ? tokens.gelu(x) : tokens.relu6(x);
  }
}
