package io.facet.models.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.facet.models.RealData;
import io.facet.models.face.CropTensor;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Npy;
import io.facet.models.format.Safetensors;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeNeXtTest {
  private static Network network(EdgeNeXt.Size size, int embedding) {
    return new EdgeNeXt().create(new EdgeNeXt.Options(size, embedding));
  }

  @Test
  void computesThePublishedEmbeddingsAndFeatures() {
    Map<String, FloatTensor> weights =
        Safetensors.read(RealData.path("weights/edgeface_xs_dequant_fp32.safetensors")).tensors();
    Npy.Floats embeddings = Npy.readFloats(RealData.path("weights/check/edgeface_xs.npy"));
    Npy.Floats features = Npy.readFloats(RealData.path("weights/check/edgeface_xs_features.npy"));
    float[] input = new float[16 * 3 * 112 * 112];
    for (int i = 0; i < 16; i++) {
      byte[] png = RealData.bytes("weights/check/face_%02d.png".formatted(i));
      float[] crop = CropTensor.chw(ImageDecoder.decode(png), Preprocessing.STANDARD, false);
      System.arraycopy(crop, 0, input, i * crop.length, crop.length);
    }
    try (NDManager manager = Torch.newManager();
        Network network = network(EdgeNeXt.Size.X_SMALL, 512)) {
      assertThat(network.weights().keySet()).containsExactlyInAnyOrderElementsOf(weights.keySet());
      Map<String, float[]> values = new HashMap<>();
      weights.forEach((name, tensor) -> values.put(name, tensor.values()));
      network.load(manager, values);
      try (TensorScope scope = TensorScope.inference(manager, network)) {
        NDArray images = scope.manager().create(input, new Shape(16, 3, 112, 112));
        Features actual = network.forward(images, Set.of("last"), false);
        float[] rows = actual.embedding().toFloatArray();
        for (int i = 0; i < 16; i++) {
          assertThat(cosineDistance(rows, embeddings.values(), i * 512, 512)).isLessThan(1e-5);
        }
        assertThat(actual.embedding().getShape()).isEqualTo(embeddings.shape());
        assertThat(actual.tap("last").getShape()).isEqualTo(features.shape());
        assertThat(actual.tap("last").toFloatArray())
            .containsExactly(features.values(), within(2e-3f));
      }
    }
  }

  /** With 1,000 outputs, as timm states them. */
  @ParameterizedTest
  @CsvSource({"XX_SMALL, 1.33", "X_SMALL, 2.34", "SMALL, 5.59"})
  void hasThePublishedParameterCounts(EdgeNeXt.Size size, double millions) {
    assertThat(network(size, 1000).parameterCount() / 1e6).isCloseTo(millions, within(0.005));
  }

  @Test
  void everyWeightOfEverySizeGetsAGradient() {
    for (EdgeNeXt.Size size : EdgeNeXt.Size.values()) {
      try (NDManager manager = Torch.newManager();
          Network network = network(size, 8)) {
        network.initialise(manager, 1);
        try (TensorScope scope = TensorScope.training(manager, network)) {
          NDArray images = scope.manager().randomNormal(new Shape(2, 3, 112, 112));
          NDArray embedding = network.embed(images, true);
          scope.backward(embedding.square().sum());
          network
              .weights()
              .forEach((name, weight) -> assertThat(largestGradient(weight)).as(name).isPositive());
        }
      }
    }
  }

  @Test
  void tapsHaveTheStatedShapes() {
    try (NDManager manager = Torch.newManager();
        Network network = network(EdgeNeXt.Size.XX_SMALL, 8)) {
      network.initialise(manager, 1);
      try (TensorScope scope = TensorScope.inference(manager, network)) {
        NDArray images = scope.manager().ones(new Shape(1, 3, 112, 112));
        Features all = network.forward(images, network.taps().keySet(), false);
        network
            .taps()
            .forEach(
                (name, shape) ->
                    assertThat(all.tap(name).getShape().slice(1)).as(name).isEqualTo(shape));
        assertThat(all.tap("last").toFloatArray()).isEqualTo(all.tap("stage4").toFloatArray());
        float[] alone = network.embed(images, false).toFloatArray();
        assertThat(all.embedding().toFloatArray()).isEqualTo(alone);
        assertThat(images.toFloatArray()).containsOnly(1);
      }
    }
  }

  @Test
  void leavesNothingInTheManagerOfTheNetwork() {
    try (NDManager manager = Torch.newManager();
        Network network = network(EdgeNeXt.Size.XX_SMALL, 8)) {
      network.initialise(manager, 1);
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 2; i++) {
        try (TensorScope scope = TensorScope.training(manager, network)) {
          NDArray images = scope.manager().ones(new Shape(1, 3, 112, 112));
          scope.backward(network.embed(images, true).sum());
        }
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  private static float largestGradient(Weight weight) {
    try (NDArray gradient = ((PtNDArray) weight.array()).getGradient();
        NDArray largest = gradient.abs().max()) {
      return largest.getFloat();
    }
  }

  static double cosineDistance(float[] a, float[] b, int from, int count) {
    double dot = 0;
    double normA = 0;
    double normB = 0;
    for (int i = from; i < from + count; i++) {
      dot += (double) a[i] * b[i];
      normA += (double) a[i] * a[i];
      normB += (double) b[i] * b[i];
    }
    return 1 - dot / Math.sqrt(normA * normB);
  }
}
