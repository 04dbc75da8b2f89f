package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.auto.service.AutoService;
import io.facet.models.format.FloatTensor;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerNormalisation;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The golden case of deep prompts: the reference's ViT, built from this project's blocks. */
@AutoService(GoldenArea.class)
public final class GoldenDeepPrompts implements GoldenArea {
  private static final double EPSILON = 1e-6;

  @Override
  public String area() {
    return "prompting";
  }

  @Override
  public boolean knows(String method) {
    return method.equals("VPT_DEEP");
  }

  @Override
  public void check(GoldenCase golden) {
    Map<String, FloatTensor> weights = golden.weights("weights");
    try (NDManager base = Torch.newManager();
        Reference network = new Reference(golden)) {
      network.load(base, renamed(weights, golden.param("depth").asInt()));
      try (TensorScope scope = TensorScope.training(base, network)) {
        NDArray prompts = golden.array(scope.manager(), "prompts");
        prompts.setRequiresGradient(true);
        NDArray out = network.forward(golden.array(scope.manager(), "x"), prompts, weights);
        golden.assertClose("out", out);
        scope.backward(out.mul(golden.array(scope.manager(), "upstream")).sum());
        golden.assertClose("grad_prompts", prompts.getGradient());
      }
    }
  }

  /** Patch convolution, blocks and final norm; class token and positions come as constants. */
  private static final class Reference extends Layer {
    private final int width;
    private final Convolution patches;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNormalisation norm;

    Reference(GoldenCase golden) {
      width = golden.param("dim").asInt();
      int patch = golden.param("patch").asInt();
      patches = child("patches", Convolution.of(3, width, patch).stride(patch).withBias().build());
      for (int i = 0; i < golden.param("depth").asInt(); i++) {
        blocks.add(
            child(
                "blocks." + i,
                new TransformerBlock(
                    width,
                    golden.param("heads").asInt(),
                    width * golden.param("mlpRatio").asInt(),
                    MlpActivation.GELU,
                    true,
                    EPSILON,
                    0)));
      }
      norm = child("norm", new LayerNormalisation(width, EPSILON));
    }

    /** Order of the result as in the reference: class token, prompts, patches. */
    NDArray forward(NDArray images, NDArray prompts, Map<String, FloatTensor> weights) {
      NDManager manager = images.getManager();
      long batch = images.getShape().get(0);
      NDArray token =
          constant(manager, weights.get("embeddings.cls_token"))
              .broadcast(new Shape(batch, 1, width));
      NDArray tokens =
          NDArrays.concat(new NDList(token, Axes.tokens(patches.forward(images))), 1)
              .add(constant(manager, weights.get("embeddings.position_embeddings")));
      List<NDArray> sets = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        sets.add(prompts.get(i));
      }
      NDArray out =
          norm.forward(
              TransformerBlock.run(blocks, tokens, sets, false, (x, block) -> block.apply(x)));
      NDList parts = out.split(new long[] {1, tokens.getShape().get(1)}, 1);
      return NDArrays.concat(new NDList(parts.get(0), parts.get(2), parts.get(1)), 1);
    }

    private static NDArray constant(NDManager manager, FloatTensor tensor) {
      return manager.create(FloatBuffer.wrap(tensor.values()), tensor.shape());
    }
  }

  private static Map<String, float[]> renamed(Map<String, FloatTensor> weights, int depth) {
    Map<String, float[]> renamed = new HashMap<>();
    for (String kind : List.of("weight", "bias")) {
      renamed.put("patches." + kind, weights.get("embeddings.patch_embeddings." + kind).values());
      renamed.put("norm." + kind, weights.get("encoder.encoder_norm." + kind).values());
      for (int i = 0; i < depth; i++) {
        String from = "encoder.layer.%d.".formatted(i);
        String to = "blocks.%d.".formatted(i);
        Map<String, String> names =
            Map.of(
                "attention_norm", "norm1",
                "attn.out", "attn.proj",
                "ffn_norm", "norm2",
                "ffn.fc1", "mlp.fc1",
                "ffn.fc2", "mlp.fc2");
        names.forEach(
            (theirs, ours) ->
                renamed.put(
                    to + ours + "." + kind, weights.get(from + theirs + "." + kind).values()));
        renamed.put(
            to + "attn.qkv." + kind,
            joined(
                weights.get(from + "attn.query." + kind).values(),
                weights.get(from + "attn.key." + kind).values(),
                weights.get(from + "attn.value." + kind).values()));
      }
    }
    return renamed;
  }

  private static float[] joined(float[]... parts) {
    FloatBuffer buffer = FloatBuffer.allocate(parts.length * parts[0].length);
    for (float[] part : parts) {
      buffer.put(part);
    }
    return buffer.array();
  }
}
