package io.facet.models.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityHeadTest {
  private NDManager base;
  private TensorScope scope;

  @BeforeEach
  void open() {
    base = Torch.newManager();
    scope = TensorScope.training(base);
  }

  @AfterEach
  void close() {
    scope.close();
    base.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arcface {variant: plain}",
        "arcface {variant: monotone}",
        "arcface {variant: clipped}",
        "cosface {}",
        "adaface {}",
        "adaface {momentum: 1}",
        "combined-margin {angleFactor: 2, cosineMargin: 0.1}",
        "softmax {}",
        "softmax {logits: linear}"
      })
  void lossAndSlopeStayFiniteAtEqualOppositeAndZeroVectorsAndInABatchOfOne(String chosen) {
    float[][] batches = {{3, 0, -2, 0, 0, 0}, {0, 0}, {2, 2}};
    long[][] labels = {{0, 0, 1}, {1}, {0}};
    for (int i = 0; i < batches.length; i++) {
      IdentityHead head = head(chosen, 2, 1, 0, 0, 1);
      NDArray embeddings = scope.manager().create(batches[i], new Shape(labels[i].length, 2));
      embeddings.setRequiresGradient(true);
      NDArray loss = head.loss(embeddings, scope.manager().create(labels[i]));
      scope.backward(loss);
      assertThat(loss.getFloat()).isFinite();
      for (float slope : embeddings.getGradient().toFloatArray()) {
        assertThat(slope).isFinite().isBetween(-1e6f, 1e6f);
      }
      for (float slope : head.weight().array().getGradient().toFloatArray()) {
        assertThat(slope).isFinite();
      }
    }
  }

  /** A head with weights of width 2 and its buffers as at the start. */
  private IdentityHead head(String chosen, int classes, float... weights) {
    String[] parts = chosen.split(" ", 2);
    IdentityHead head =
        new IdentityHead(
            RecordBinder.select(MarginHead.class, parts[0], Yaml.json(parts[1])), classes, 2);
    head.initialise(base, 1);
    Map<String, float[]> values = new HashMap<>(head.save());
    values.put("weight", weights);
    head.load(base, values);
    scope.lend(head);
    return head;
  }

  @Test
  void straightThroughKeepsTheValueAndTakesTheSlopeOfThePlainCosine() {
    float[] values = new float[2];
    float[] slopes = new float[2];
    for (int i = 0; i < 2; i++) {
      NDArray cosines = scope.manager().create(new float[] {0.3f, 0.5f}, new Shape(1, 2));
      cosines.setRequiresGradient(true);
      NDArray labels = scope.manager().create(new long[] {0});
      ArcFaceOptions options = new ArcFaceOptions(0.5, 64, ArcFaceOptions.Variant.PLAIN, i == 1);
      NDArray logits = new ArcFace().open(options).logits(new HeadInputs(cosines, cosines, labels));
      scope.backward(logits.get(":, 0").sum());
      values[i] = logits.getFloat(0, 0);
      slopes[i] = cosines.getGradient().getFloat(0, 0);
    }
    assertThat(values[0]).isEqualTo(-12.420355f, within(1e-4f));
    assertThat(values[1]).isEqualTo(values[0], within(1e-4f));
    assertThat(slopes[0]).isEqualTo(65.81f, within(0.01f));
    assertThat(slopes[1]).isEqualTo(64f, within(1e-4f));
  }

  @Test
  void aRecipeChoosesTheHeadByKey() {
    Selected<MarginHead<?>> selected =
        RecordBinder.select(MarginHead.class, "cosface", Yaml.json("{margin: 0.35}"));
    IdentityHead head = new IdentityHead(selected, 2, 2);
    head.load(base, Map.of("weight", new float[] {1, 0, 0, 1}));
    scope.lend(head);
    NDArray embedding = scope.manager().create(new float[] {5, 0}, new Shape(1, 2));
    NDArray logits = head.logits(embedding, scope.manager().create(new long[] {0}));
    assertThat(logits.toFloatArray()).containsExactly(new float[] {64 * 0.65f, 0}, within(1e-4f));
  }

  private float[] logits(String chosen, float[] embedding) {
    IdentityHead head = head(chosen, 2, 3, 0, 0, 1);
    NDArray batch = scope.manager().create(embedding, new Shape(1, 2));
    return head.logits(batch, scope.manager().create(new long[] {0})).toFloatArray();
  }

  @Test
  void plainSoftmaxHasNoMarginAndIsLinearInTheEmbeddingWhenAsked() {
    float[] embedding = {8, 6};
    assertThat(logits("softmax {scale: 10}", embedding))
        .containsExactly(new float[] {8, 6}, within(1e-5f));
    assertThat(logits("softmax {logits: linear}", new float[] {0.8f, 0.6f}))
        .containsExactly(new float[] {0.8f, 0.6f}, within(1e-6f));
    assertThat(logits("softmax {logits: linear}", embedding))
        .containsExactly(embedding, within(1e-5f));
  }

  @Test
  void theCombinedMarginHoldsArcFaceAndCosFace() {
    float[] embedding = {1, 2};
    assertThat(logits("combined-margin {}", embedding))
        .containsExactly(logits("arcface {variant: plain}", embedding), within(1e-4f));
    assertThat(logits("combined-margin {angularMargin: 0, cosineMargin: 0.4}", embedding))
        .containsExactly(logits("cosface {}", embedding), within(1e-4f));
    double angle = Math.acos(1 / Math.sqrt(5));
    float[] all =
        logits(
            "combined-margin {angleFactor: 1.5, angularMargin: 0.2, cosineMargin: 0.1}", embedding);
    assertThat(all[0]).isEqualTo((float) (64 * (Math.cos(1.5 * angle + 0.2) - 0.1)), within(1e-3f));
    assertThat(all[1]).isEqualTo((float) (64 * 2 / Math.sqrt(5)), within(1e-4f));
  }

  @Test
  void aBatchOfOneLeavesTheDeviationOfLengthsAsItIs() {
    IdentityHead head = head("adaface {momentum: 1}", 2, 1, 0, 0, 1);
    NDArray batch = scope.manager().create(new float[] {3, 4}, new Shape(1, 2));
    head.logits(batch, scope.manager().create(new long[] {0}));
    assertThat(head.save().get("margin.mean")).containsExactly(5f);
    assertThat(head.save().get("margin.deviation")).containsExactly(100f);
  }

  @Test
  void embeddingsOfAnotherWidthAreRefused() {
    IdentityHead head = head("arcface {}", 2, 1, 0, 0, 1);
    NDArray wide = scope.manager().ones(new Shape(1, 3));
    NDArray labels = scope.manager().create(new long[] {0});
    assertThatThrownBy(() -> head.loss(wide, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(1, 3)")
        .hasMessageContaining("(2, 2)");
  }
}
