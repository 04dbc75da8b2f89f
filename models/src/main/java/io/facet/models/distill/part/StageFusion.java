package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.TorchOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds the embeddings of several stages with weights that depend on the sample: the descriptor of
 * each stage passes a linear map, GELU and a second linear map, and a softmax over the stages
 * follows, for each value of the embedding on its own. Dropped at inference.
 *
 * <p>The multi-scale dynamic fusion of MLDR-KD, with embeddings in place of class logits
 * (reconstructed).
 */
public final class StageFusion extends Layer {
  private final Map<String, Gate> gates = new LinkedHashMap<>();

  /**
   * A fusion of the branches of some taps.
   *
   * @param shapes of the taps without the batch axis
   * @param width of the embeddings
   */
  public StageFusion(List<String> taps, Map<String, Shape> shapes, int width) {
    for (String tap : taps) {
      int from = StageBranch.descriptorWidth(shapes.get(tap), width);
      gates.put(tap, child(tap, new Gate(from, width)));
    }
  }

  /**
   * The fused embedding, {@code (B, width)}.
   *
   * @param descriptors of each tap, {@code (B, descriptor width)}
   * @param embeddings of each tap, {@code (B, width)}
   */
  public NDArray forward(Map<String, NDArray> descriptors, Map<String, NDArray> embeddings) {
    NDList scores = new NDList();
    NDList values = new NDList();
    gates.forEach(
        (tap, gate) -> {
          scores.add(gate.forward(descriptors.get(tap)));
          values.add(embeddings.get(tap));
        });
    return NDArrays.stack(scores).softmax(0).mul(NDArrays.stack(values)).sum(new int[] {0});
  }

  private static final class Gate extends Layer {
    private final Linear first;
    private final Linear second;

    Gate(int from, int width) {
      first = child("first", new Linear(from, width, true));
      second = child("second", new Linear(width, width, true));
    }

    public NDArray forward(NDArray descriptor) {
      return second.forward(TorchOps.gelu(first.forward(descriptor)));
    }
  }
}
