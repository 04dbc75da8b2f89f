package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VisionTransformerTest {
  private static final int TOKENS = 9;
  private static final int WIDTH = 8;
  private static final int DEPTH = 3;
  private static final Set<String> ALL = Set.of("last", "tokens");

  private NDManager base;

  @BeforeEach
  void open() {
    base = Torch.newManager();
  }

  @AfterEach
  void close() {
    base.close();
  }

  private PromptableNetwork network(VisionTransformer.Pooling pooling) {
    PromptableNetwork network =
        new VisionTransformer()
            .create(
                new VisionTransformer.Options(
                    14, // 3x3 patches of 4, border of 2 unused
                    4,
                    WIDTH,
                    DEPTH,
                    2,
                    2,
                    MlpActivation.GELU,
                    true,
                    pooling,
                    0,
                    5));
    network.initialise(base, 3);
    return network;
  }

  private PromptableNetwork network() {
    return network(VisionTransformer.Pooling.FLATTEN);
  }

  private static NDArray images(TensorScope scope, int batch) {
    return scope.manager().randomNormal(new Shape(batch, 3, 14, 14));
  }

  private static List<NDArray> prompts(TensorScope scope, long... shape) {
    List<NDArray> prompts = new ArrayList<>();
    for (int i = 0; i < DEPTH; i++) {
      prompts.add(scope.manager().randomNormal(new Shape(shape)));
    }
    return prompts;
  }

  @ParameterizedTest
  @EnumSource
  void everyWeightAndPromptGetsAGradient(VisionTransformer.Pooling pooling) {
    try (PromptableNetwork network = network(pooling);
        TensorScope scope = TensorScope.training(base, network)) {
      List<NDArray> prompts = prompts(scope, 2, WIDTH);
      prompts.forEach(prompt -> prompt.setRequiresGradient(true));
      NDArray weights = scope.manager().randomNormal(new Shape(4, 5));
      Features features = network.forward(images(scope, 4), prompts, Set.of("last"), true);
      scope.backward(
          features.embedding().mul(weights).sum().add(features.tap("last").square().sum()));
      assertEveryWeightHasAGradient(network);
      prompts.forEach(prompt -> assertThat(largestGradient(prompt)).isPositive());
    }
  }

  private static void assertEveryWeightHasAGradient(PromptableNetwork network) {
    network
        .weights()
        .forEach(
            (name, weight) -> {
              if (weight.trainable()) {
                assertThat(largestGradient(weight.array())).as(name).isPositive();
              }
            });
  }

  private static VisionTransformer.Options convolutional(int image, int patch, int dim) {
    return RecordBinder.bindJson(
        VisionTransformer.Options.class,
        """
        {"image": %d, "patch": %d, "dim": %d, "stem": "convolution", "heads": 2, "depth": 2, "embedding": 5}
        """
            .formatted(image, patch, dim));
  }

  @Test
  void convolutionsHalveTheImageDownToOneTokenPerPatch() {
    try (PromptableNetwork network = new VisionTransformer().create(convolutional(16, 4, WIDTH))) {
      network.initialise(base, 3);
      try (TensorScope scope = TensorScope.training(base, network)) {
        NDArray images = scope.manager().randomNormal(new Shape(4, 3, 16, 16));
        Features features = network.forward(images, Set.of("tokens"), true);
        assertThat(features.tap("tokens").getShape()).isEqualTo(new Shape(4, 16, WIDTH));
        NDArray weights = scope.manager().randomNormal(new Shape(4, 5));
        scope.backward(features.embedding().mul(weights).sum());
        assertEveryWeightHasAGradient(network);
      }
      assertThat(network.weights().get("patch_embed.stem.0.conv.weight").shape())
          .isEqualTo(new Shape(WIDTH / 2, 3, 3, 3));
      assertThat(network.weights().get("patch_embed.stem.1.conv.weight").shape())
          .isEqualTo(new Shape(WIDTH, WIDTH / 2, 3, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "18, 6, 8, patch must be a power of two",
    "18, 4, 8, patch must be a power of two",
    "16, 8, 10, dim must be a multiple of half a patch"
  })
  void convolutionsThatDoNotFitAreRefused(int image, int patch, int dim, String cause) {
    assertThatThrownBy(() -> convolutional(image, patch, dim)).hasMessageContaining(cause);
  }

  @Test
  void tapsHoldTokensAndPromptOutputs() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 2);
      Features plain = network.forward(images, ALL, false);
      assertThat(network.taps()).containsEntry("last", new Shape(TOKENS, WIDTH));
      assertThat(plain.tap("last").getShape()).isEqualTo(new Shape(2, TOKENS, WIDTH));
      Features prompted = network.forward(images, prompts(scope, 2, WIDTH), ALL, false);
      assertThat(prompted.tap("last").getShape()).isEqualTo(new Shape(2, TOKENS + 2, WIDTH));
      assertThat(prompted.tap("tokens").getShape()).isEqualTo(new Shape(2, TOKENS, WIDTH));
      NDArray leading = prompted.tap("last").split(new long[] {TOKENS}, 1).get(0);
      assertThat(leading.toFloatArray()).isEqualTo(prompted.tap("tokens").toFloatArray());
      assertThat(prompted.embedding().toFloatArray())
          .isNotEqualTo(plain.embedding().toFloatArray());
      assertThat(prompted.taps()).hasSize(2);
    }
  }

  @Test
  void noPromptsAndZeroPromptsAreTheSameBits() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 2);
      Features plain = network.forward(images, ALL, false);
      for (List<NDArray> none : List.of(List.<NDArray>of(), prompts(scope, 0, WIDTH))) {
        Features features = network.forward(images, none, ALL, false);
        assertThat(features.embedding().toFloatArray()).isEqualTo(plain.embedding().toFloatArray());
        assertThat(features.tap("last").toFloatArray()).isEqualTo(plain.tap("last").toFloatArray());
      }
    }
  }

  @Test
  void eachSampleMeetsItsOwnPromptsOnly() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 3);
      List<NDArray> prompts = prompts(scope, 3, 2, WIDTH);
      float[] together =
          network.forward(images, prompts, Set.of("last"), false).tap("last").toFloatArray();
      int row = (TOKENS + 2) * WIDTH;
      for (int i = 0; i < 3; i++) {
        String one = i + ":" + (i + 1);
        List<NDArray> own = prompts.stream().map(prompt -> prompt.get(one)).toList();
        float[] alone =
            network.forward(images.get(one), own, Set.of("last"), false).tap("last").toFloatArray();
        assertThat(java.util.Arrays.copyOfRange(together, i * row, (i + 1) * row))
            .containsExactly(alone, within(1e-5f));
      }
    }
  }

  @Test
  void outputsOfShallowPromptsTravelOnThroughAllBlocks() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 2);
      NDArray prompt = scope.manager().randomNormal(new Shape(2, WIDTH));
      VisionTransformerNetwork vit = (VisionTransformerNetwork) network;
      NDArray x = PromptTokens.append(vit.embedded(images, false), prompt);
      for (TransformerBlock block : vit.blocks()) {
        x = block.forward(x, false);
      }

      Features features = network.forward(images, List.of(prompt), ALL, false);

      assertThat(features.tap("last").getShape()).isEqualTo(new Shape(2, TOKENS + 2, WIDTH));
      assertThat(features.tap("last").toFloatArray()).isEqualTo(x.toFloatArray());
      Features deep = network.forward(images, List.of(prompt, prompt, prompt), ALL, false);
      assertThat(features.tap("last").toFloatArray()).isNotEqualTo(deep.tap("last").toFloatArray());
      assertThat(features.embedding().toFloatArray())
          .isNotEqualTo(network.embed(images, false).toFloatArray());
      NDArray none = scope.manager().zeros(new Shape(0, WIDTH));
      assertThat(network.forward(images, List.of(none), ALL, false).embedding().toFloatArray())
          .isEqualTo(network.embed(images, false).toFloatArray());
    }
  }

  @Test
  void shallowPromptsGetAGradientThroughAllBlocks() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.training(base, network)) {
      NDArray prompt = scope.manager().randomNormal(new Shape(2, WIDTH));
      prompt.setRequiresGradient(true);
      Features features = network.forward(images(scope, 2), List.of(prompt), Set.of(), false);
      scope.backward(features.embedding().square().sum());

      assertThat(largestGradient(prompt)).isPositive();
    }
  }

  @Test
  void refusesTooFewPromptSets() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 1);
      List<NDArray> few = prompts(scope, 2, WIDTH).subList(0, 2);
      assertThatThrownBy(() -> network.forward(images, few, Set.of(), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 prompt sets for 3 blocks");
    }
  }

  @Test
  void dropPathSkipsOrScalesTheBranchOfASampleInTrainingOnly() {
    double chance = 0.75;
    try (TransformerBlock block =
        new TransformerBlock(WIDTH, 2, WIDTH, MlpActivation.GELU, false, 1e-5, chance)) {
      block.initialise(base, 1);
      Map<String, float[]> values = block.save();
      java.util.Arrays.fill(values.get("mlp.fc2.weight"), 0); // the other branch is silent
      block.load(base, values);
      try (TensorScope scope = TensorScope.inference(base, block)) {
        NDArray one = scope.manager().randomNormal(new Shape(1, TOKENS, WIDTH));
        NDArray branch = block.forward(one, false).sub(one);
        float[] skipped = one.toFloatArray();
        float[] scaled = one.add(branch.div(1 - chance)).toFloatArray();
        NDArray drawn = block.forward(one.repeat(0, 64), true);
        int skips = 0;
        for (int i = 0; i < 64; i++) {
          float[] sample = drawn.get(i).toFloatArray();
          if (java.util.Arrays.equals(sample, skipped)) {
            skips++;
          } else {
            assertThat(sample).containsExactly(scaled, within(1e-6f));
          }
        }
        assertThat(skips).isBetween(32, 62);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny, 19137792", "small, 76023296", "base, 113833472", "large, 255684352"})
  void thePublishedSizesHaveTheirParameterCounts(String size, long parameters) {
    VisionTransformer.Options options =
        RecordBinder.bindJson(
            VisionTransformer.Options.class, "{\"size\": \"%s\"}".formatted(size));
    Network network = new VisionTransformer().create(options);
    assertThat(network.parameterCount()).isEqualTo(parameters);
    assertThat(network.taps().get("tokens").get(0)).isEqualTo(144);
    assertThat(options.heads()).contains(8);
  }

  @Test
  void aSizeGivesWayToWhatIsSet() {
    VisionTransformer.Options options =
        RecordBinder.bindJson(
            VisionTransformer.Options.class, "{\"size\": \"tiny\", \"depth\": 2, \"patch\": 16}");
    assertThat(options.depth()).contains(2);
    assertThat(options.dim()).contains(256);
    assertThat(new VisionTransformer().create(options).taps().get("tokens").get(0)).isEqualTo(49);
  }

  @Test
  void maskedTokensAreReplacedByTheLearnedOneInTrainingOnly() {
    VisionTransformer.Options options =
        RecordBinder.bindJson(
            VisionTransformer.Options.class,
            """
            {"image": 14, "patch": 4, "dim": 8, "depth": 2, "heads": 2, "maskRatio": 0.5,
             "embedding": 5}
            """);
    try (PromptableNetwork network = new VisionTransformer().create(options)) {
      network.initialise(base, 3);
      try (TensorScope scope = TensorScope.training(base, network)) {
        NDArray images = images(scope, 4);
        NDArray direction = scope.manager().randomNormal(new Shape(4, 5));
        NDArray once = network.embed(images, true);
        assertThat(once.toFloatArray()).isNotEqualTo(network.embed(images, true).toFloatArray());
        scope.backward(once.mul(direction).sum());
        NDArray token = network.weights().get("mask_token").array();
        assertThat(largestGradient(token)).isPositive();
        assertThat(network.embed(images, false).toFloatArray())
            .isEqualTo(network.embed(images, false).toFloatArray());
        assertThat(network.forward(images, Set.of("tokens"), true).tap("tokens").getShape())
            .isEqualTo(new Shape(4, TOKENS, WIDTH));
      }
    }
  }

  @Test
  void tokensThatStayKeepTheirPlaces() {
    try (TensorScope scope = TensorScope.inference(base);
        TokenMask.Draw draw = new TokenMask(6, 0.5).draw(scope.manager().zeros(new Shape(2)))) {
      NDArray tokens = scope.manager().arange(1f, 13f).reshape(2, 6, 1);
      NDArray none = scope.manager().zeros(new Shape(1, 1, 1));
      float[] filled = draw.filled(draw.kept(tokens), none).toFloatArray();
      int missing = 0;
      for (int i = 0; i < 12; i++) {
        assertThat(filled[i]).isIn(0f, i + 1f);
        missing += filled[i] == 0 ? 1 : 0;
      }
      assertThat(missing).isEqualTo(6);
    }
  }

  @Test
  void promptShapesAndBoundFollowTheFormula() {
    PromptableNetwork small =
        new VisionTransformer().create(VisionTransformer.Options.of(192, 6, 6, 16));
    assertThat(small.promptDepths()).containsOnly(PromptDepth.DEEP, PromptDepth.SHALLOW);
    assertThat(small.promptShapes(8, PromptDepth.DEEP)).hasSize(6).containsOnly(new Shape(8, 192));
    assertThat(small.promptShapes(8, PromptDepth.SHALLOW)).containsExactly(new Shape(8, 192));
    assertThat(small.promptBound()).isEqualTo(Math.sqrt(6.0 / (3 * 256 + 192)), within(1e-12));
    assertThat(small.taps()).containsEntry("last", new Shape(49, 192));
    assertThat(new VisionTransformer().create(VisionTransformer.Options.of(192, 6, 6, 8)).taps())
        .containsEntry("tokens", new Shape(196, 192));
  }

  @Test
  void refusesSizesThatDoNotFit() {
    assertThatThrownBy(() -> VisionTransformer.Options.of(190, 6, 6, 8))
        .hasMessageContaining("190 with 6 heads");
    assertThatThrownBy(() -> VisionTransformer.Options.of(192, 6, 6, 113))
        .hasMessageContaining("113");
  }

  private static float largestGradient(NDArray array) {
    try (NDArray gradient = ((PtNDArray) array).getGradient();
        NDArray largest = gradient.abs().max()) {
      return largest.getFloat();
    }
  }
}
