package io.facet.models.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  @EnumSource(ArcFaceOptions.Variant.class)
  void lossAndSlopeStayFiniteAtEqualAndOppositeDirections(ArcFaceOptions.Variant variant) {
    ArcFaceOptions options = new ArcFaceOptions(0.5, 64, variant, false);
    IdentityHead head = IdentityHead.of(new ArcFace(), options, 2, 2);
    head.load(base, Map.of("weight", new float[] {1, 0, 0, 1}));
    scope.lend(head);
    NDArray embeddings = scope.manager().create(new float[] {3, 0, -2, 0, 0, 0}, new Shape(3, 2));
    embeddings.setRequiresGradient(true);
    NDArray labels = scope.manager().create(new long[] {0, 0, 1});
    NDArray loss = head.loss(embeddings, labels);
    scope.backward(loss);
    assertThat(loss.getFloat()).isFinite();
    for (float slope : embeddings.getGradient().toFloatArray()) {
      assertThat(slope).isFinite();
    }
    for (float slope : head.weight().array().getGradient().toFloatArray()) {
      assertThat(slope).isFinite();
    }
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
      NDArray logits = new ArcFace().logits(cosines, labels, options);
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
        RecordBinder.select(MarginHead.class, "cosface", "{\"margin\": 0.35}");
    IdentityHead head = new IdentityHead(selected, 2, 2);
    head.load(base, Map.of("weight", new float[] {1, 0, 0, 1}));
    scope.lend(head);
    NDArray embedding = scope.manager().create(new float[] {5, 0}, new Shape(1, 2));
    NDArray logits = head.logits(embedding, scope.manager().create(new long[] {0}));
    assertThat(logits.toFloatArray()).containsExactly(new float[] {64 * 0.65f, 0}, within(1e-4f));
  }
}
