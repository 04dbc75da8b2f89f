package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.OtherIdentities;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrdTest extends MethodContract {
  CrdTest() {
    super("crd");
  }

  @Override
  protected List<String> options() {
    // 100 images: with 16 negatives of width 8 all rows are multiplied, with 4 only the wanted ones
    return List.of(
        "{}",
        "{negatives: 16, featureWidth: 8}",
        "{negatives: 4, featureWidth: 8, temperature: 0.02}");
  }

  @Override
  protected boolean teacherIsMinimum() {
    return false; // the two maps are drawn apart
  }

  @Test
  void oneAnchorWithTwoNegatives() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDArray probabilities =
          scope.manager().create(new float[] {0.3f, 0.1f, 0.1f}, new Shape(1, 3));

      assertThat(Crd.loss(probabilities, 10).getFloat()).isCloseTo(1.321757f, within(1e-5f));
    }
  }

  @Test
  void bothWaysToCompareWithTheMemoryAgree() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      NDManager manager = scope.manager();
      NDArray memory = L2Normalise.of(manager.randomNormal(new Shape(20, 3)));
      NDArray embeddings = L2Normalise.of(manager.randomNormal(new Shape(2, 3)));
      NDArray rows =
          manager.create(
              new long[] {0, 3, 3, 19, 7, 1, 2, 4, 6, 0, 0, 5, 9, 8, 1, 2}, new Shape(2, 8));
      float[] all = Crd.agreement(embeddings, memory, rows, 0.1).toFloatArray();

      for (int k = 0; k < 8; k++) {
        NDArray column = rows.get(new NDIndex(":, {}:{}", k, k + 1));
        float[] wanted = Crd.agreement(embeddings, memory, column, 0.1).toFloatArray();

        assertThat(wanted[0]).isCloseTo(all[k], within(1e-3f * all[k]));
        assertThat(wanted[1]).isCloseTo(all[8 + k], within(1e-3f * all[8 + k]));
      }
    }
  }

  @Test
  void negativesAreOtherIdentitiesAndDependOnStepAndImageAlone() {
    OtherIdentities negatives = new OtherIdentities(5, 10, image -> image < 8 ? 0 : 1);
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      long[] both = draw(scope, negatives, 3, 7, 9);

      assertThat(both).hasSize(42);
      assertThat(both[0]).isEqualTo(7);
      assertThat(both[21]).isEqualTo(9);
      assertThat(IntStream.range(1, 21).mapToLong(i -> both[i])).containsOnly(8L, 9L);
      assertThat(IntStream.range(22, 42).mapToLong(i -> both[i]))
          .allSatisfy(image -> assertThat(image).isBetween(0L, 7L));
      assertThat(draw(scope, negatives, 3, 9)).isEqualTo(Arrays.copyOfRange(both, 21, 42));
      assertThat(draw(scope, negatives, 4, 9)).isNotEqualTo(draw(scope, negatives, 3, 9));
    }
  }

  @Test
  void anImageIsNoNegativeOfItself() {
    try (TensorScope scope = TensorScope.inference(Torch.newManager())) {
      for (int label : new int[] {0, -1}) { // one identity, and nobody known
        OtherIdentities negatives = new OtherIdentities(5, 3, image -> label);
        long[] drawn = draw(scope, negatives, 3, 1);

        assertThat(drawn[0]).isOne();
        assertThat(Arrays.stream(drawn).skip(1)).containsOnly(0L, 2L);
      }
    }
  }

  private static long[] draw(
      TensorScope scope, OtherIdentities negatives, long step, long... images) {
    return negatives
        .rows(step, IndexArray.of(scope.manager(), Device.cpu(), images), 20)
        .toLongArray();
  }

  @Test
  void memoriesThatAreTooLargeAreRefusedAndLargeOnesAnnounced() {
    Crd.Options options = new Crd.Options(1, 0.07, 10, 128, 0.5, 400, 1);

    try (NDManager manager = Torch.newManager()) {
      assertThatThrownBy(() -> new CrdSession(options, setup(manager, 500_000)))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("489 MB")
          .hasMessageContaining("featureWidth");
      CrdSession large = new CrdSession(options, setup(manager, 300_000));
      assertThat(large.alarms().get("memory")).contains("293 MB");
      assertThat(large.alarms()).isEmpty();
      assertThat(new CrdSession(options, setup(manager, 1000)).alarms()).isEmpty();
    }
  }

  private static MethodSetup setup(NDManager manager, int samples) {
    return new MethodSetup(
        manager,
        1,
        2,
        4,
        4,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        samples,
        image -> image % 2);
  }
}
