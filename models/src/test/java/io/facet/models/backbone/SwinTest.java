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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwinTest {
  private static final int TOKENS = 16;
  private static final int WIDTH = 8;
  private static final Set<String> ALL = Set.of("last", "tokens", "stage1", "stage2");

  private NDManager base;

  @BeforeEach
  void open() {
    base = Torch.newManager();
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static PromptableNetwork created(String options) {
    return new Swin().create(RecordBinder.bindJson(Swin.Options.class, options));
  }

  /** Four shifted windows of 4x4 tokens, then one window. */
  private PromptableNetwork network() {
    PromptableNetwork network =
        created(
            """
            {"image": 16, "patch": 2, "dim": 4, "depths": [2, 2], "heads": [1, 2], "window": 4,
             "dropPath": 0, "embedding": 5}
            """);
    network.initialise(base, 3);
    return network;
  }

  private static NDArray images(TensorScope scope, int batch) {
    return scope.manager().randomNormal(new Shape(batch, 3, 16, 16));
  }

  private static List<NDArray> prompts(TensorScope scope, long... leading) {
    List<NDArray> prompts = new ArrayList<>();
    for (long width : new long[] {4, WIDTH}) {
      prompts.add(scope.manager().randomNormal(new Shape(leading).add(width)));
    }
    return prompts;
  }

  @ParameterizedTest
  @CsvSource({"tiny, 46788474", "small, 68106378"})
  void theSizesHaveThePublishedParameterCounts(String size, long parameters) {
    PromptableNetwork network = created("{\"size\": \"%s\", \"image\": 224}".formatted(size));
    assertThat(network.parameterCount()).isEqualTo(parameters);
    assertThat(network.inputShape()).isEqualTo(new Shape(3, 112, 112));
    assertThat(network.promptBound()).isEqualTo(0.204124, within(1e-6));
  }

  @Test
  void patchTwoAtHalfTheSideGivesTheSameShapes() {
    PromptableNetwork network = created("{\"size\": \"small\"}");
    assertThat(network.taps())
        .isEqualTo(created("{\"image\": 224}").taps())
        .containsEntry("stage1", new Shape(96, 56, 56))
        .containsEntry("last", new Shape(49, 768));
    assertThat(network.promptDepths()).containsOnly(PromptDepth.DEEP);
    assertThat(network.promptShapes(8, PromptDepth.DEEP))
        .containsExactly(new Shape(8, 96), new Shape(8, 192), new Shape(8, 384), new Shape(8, 768));
    assertThat(network.promptBound()).isEqualTo(0.235702, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void everyWeightAndPromptGetsAGradient(int count) {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.training(base, network)) {
      List<NDArray> prompts = prompts(scope, count);
      prompts.forEach(prompt -> prompt.setRequiresGradient(count > 0));
      NDArray direction = scope.manager().randomNormal(new Shape(4, 5));
      Features features = network.forward(images(scope, 4), prompts, ALL, true);
      NDArray loss = features.embedding().mul(direction).sum();
      for (NDArray tap : features.taps().values()) {
        loss = loss.add(tap.square().sum());
      }
      scope.backward(loss);
      network
          .weights()
          .forEach(
              (name, weight) -> {
                if (weight.trainable()) {
                  assertThat(largestGradient(weight.array())).as(name).isPositive();
                }
              });
      prompts.stream()
          .filter(NDArray::hasGradient)
          .forEach(prompt -> assertThat(largestGradient(prompt)).isPositive());
    }
  }

  @Test
  void tapsHoldTheAnnouncedShapes() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      Features features = network.forward(images(scope, 2), prompts(scope, 3), ALL, false);
      network
          .taps()
          .forEach(
              (name, shape) -> {
                Shape expected =
                    name.equals("last")
                        ? new Shape(2, TOKENS + 3, WIDTH)
                        : new Shape(2).addAll(shape);
                assertThat(features.tap(name).getShape()).as(name).isEqualTo(expected);
              });
      assertThat(features.tap("last").get(":, :16").toFloatArray())
          .isEqualTo(features.tap("tokens").toFloatArray());
      assertThat(features.tap("stage2").transpose(0, 2, 3, 1).toFloatArray())
          .isEqualTo(features.tap("tokens").toFloatArray());
    }
  }

  @Test
  void noPromptsAndZeroPromptsAreTheSameBits() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 2);
      Features plain = network.forward(images, ALL, false);
      Features none = network.forward(images, prompts(scope, 0), ALL, false);
      assertThat(none.embedding().toFloatArray()).isEqualTo(plain.embedding().toFloatArray());
      assertThat(none.tap("last").toFloatArray()).isEqualTo(plain.tap("last").toFloatArray());
    }
  }

  @Test
  void eachSampleMeetsItsOwnPromptsOnly() {
    try (PromptableNetwork network = network();
        TensorScope scope = TensorScope.inference(base, network)) {
      NDArray images = images(scope, 3);
      List<NDArray> prompts = prompts(scope, 3, 2);
      float[] together =
          network.forward(images, prompts, Set.of("last"), false).tap("last").toFloatArray();
      int row = (TOKENS + 2) * WIDTH;
      for (int i = 0; i < 3; i++) {
        String one = i + ":" + (i + 1);
        List<NDArray> own = prompts.stream().map(prompt -> prompt.get(one)).toList();
        float[] alone =
            network.forward(images.get(one), own, Set.of("last"), false).tap("last").toFloatArray();
        assertThat(Arrays.copyOfRange(together, i * row, (i + 1) * row))
            .containsExactly(alone, within(1e-5f));
      }
    }
  }

  @Test
  void aCropIsEnlargedToALargerImage() {
    try (PromptableNetwork network =
            created(
                """
                {"image": 224, "patch": 16, "dim": 4, "depths": [1, 1], "heads": [1, 1],
                 "embedding": 3}
                """);
        TensorScope scope = TensorScope.inference(base)) {
      network.initialise(base, 1);
      scope.lend(network);
      NDArray image = scope.manager().randomNormal(new Shape(1, 3, 112, 112));
      Features features = network.forward(image, Set.of("stage1"), false);
      assertThat(features.tap("stage1").getShape()).isEqualTo(new Shape(1, 4, 14, 14));
      assertThat(features.embedding().isNaN().any().getBoolean()).isFalse();
    }
  }

  @Test
  void windowsNeverMixPlacesThatOnlyTheShiftMadeNeighbours() {
    WindowLayout layout = WindowLayout.of(4, 2, 1, 1);
    assertThat(layout.windows()).isEqualTo(4);
    // The first window holds the tokens around (1, 1) .. (2, 2), then the prompt.
    assertThat(Arrays.copyOf(layout.gather(), 5)).containsExactly(5, 6, 9, 10, 16);
    // The last window joins all four corners: each sees itself and the prompt only.
    float[] corners = Arrays.copyOfRange(layout.mask(), 3 * 25, 4 * 25);
    for (int i = 0; i < 25; i++) {
      boolean seen = i / 5 == i % 5 || i / 5 == 4 || i % 5 == 4;
      assertThat(corners[i]).isEqualTo(seen ? 0 : -100f);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"heads\": [3, 6]}                    | one number a stage",
        "{\"dim\": 100}                         | no multiple of its 3 heads",
        "{\"image\": 111, \"patch\": 2}         | multiple of patch",
        "{\"image\": 96}                        | no multiple of window 7",
        "{\"image\": 14, \"patch\": 2}          | cannot be halved"
      })
  void refusesSizesThatDoNotFit(String options, String message) {
    assertThatThrownBy(() -> created(options)).hasMessageContaining(message);
  }

  private static float largestGradient(NDArray array) {
    try (NDArray gradient = ((PtNDArray) array).getGradient();
        NDArray largest = gradient.abs().max()) {
      return largest.getFloat();
    }
  }
}
