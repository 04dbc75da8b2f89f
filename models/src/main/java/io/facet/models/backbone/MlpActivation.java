package io.facet.models.backbone;

import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.LayerSequence;

/** Activation inside the MLPs of transformers. */
public enum MlpActivation {
  /** min(max(x, 0), 6), as arcface_torch. */
  RELU6,
  /** x Phi(x), as the original ViT. */
  GELU;

  void addTo(LayerSequence steps) {
    switch (this) {
      case RELU6 -> steps.relu6();
      case GELU -> steps.gelu();
    }
  }

  String writeTo(OnnxTokens tokens, String x) {
    return this == GELU ? tokens.gelu(x) : tokens.relu6(x);
  }
}
