package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.RealData;
import io.facet.models.backbone.EdgeNeXt;
import io.facet.models.backbone.MobileFaceNet;
import io.facet.models.backbone.MobileFaceNetOptions;
import io.facet.models.backbone.Network;
import io.facet.models.face.CropTensor;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Npy;
import io.facet.models.format.Safetensors;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {
  private static final String XIAOCCER = "weights/xiaoccer_mobilefacenet_068.safetensors";
  private static final String FOAMLIU = "weights/foamliu_mobilefacenet.pt";
  private static final Preprocessing IMAGENET =
      new Preprocessing(
          Preprocessing.ColourOrder.RGB,
          112,
          112,
          List.of(0.485, 0.456, 0.406),
          List.of(0.229, 0.224, 0.225),
          Preprocessing.ARCFACE_112,
          Preprocessing.FlipFusion.NONE);

  @TempDir Path folder;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Torch.newManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Network student(int embedding) {
    return student(MobileFaceNetOptions.Layout.CLASSIC, embedding);
  }

  private Network student(MobileFaceNetOptions.Layout layout, int embedding) {
    Network network = new MobileFaceNet(new MobileFaceNetOptions(layout, 1, embedding));
    network.initialise(manager, 1);
    return network;
  }

  @Test
  void takesAllOfXiaoccerButAnEmbeddingOfAnotherWidth() {
    try (Network network = student(512)) {
      WarmStartReport report =
          WarmStart.into(network, RealData.path(XIAOCCER), WeightNaming.XIAOCCER);
      assertThat(report.fresh().keySet())
          .containsExactly(
              "output_layer.bn.running_mean",
              "output_layer.bn.running_var",
              "output_layer.linear.weight");
      assertThat(report.fresh().get("output_layer.linear.weight")).contains("(128, 512)");
      assertThat(report.unused()).isEmpty();
      assertThat(report.takenShare()).isBetween(0.7, 0.8);
      FloatTensor kernel =
          Safetensors.read(RealData.path(XIAOCCER)).tensors().get("blocks.13.conv.3.weight");
      assertThat(network.save().get("conv_5.model.0.conv_dw.conv.weight"))
          .isEqualTo(kernel.values());
    }
  }

  @Test
  void aStudentOfTheSameWidthComputesNearlyXiaoccersEmbeddings() {
    try (Network network = student(128)) {
      WarmStartReport report =
          WarmStart.into(network, RealData.path(XIAOCCER), WeightNaming.XIAOCCER);
      assertThat(report.fresh()).isEmpty();
      double similarity =
          similarity(network, Preprocessing.STANDARD, "weights/check/xiaoccer_mobilefacenet.npy");
      assertThat(similarity).isGreaterThan(0.8);
    }
  }

  @Test
  void layoutRelu6ComputesFoamliusEmbeddings() {
    try (Network network = student(MobileFaceNetOptions.Layout.RELU6, 128)) {
      WarmStartReport report =
          WarmStart.into(network, RealData.path(FOAMLIU), WeightNaming.FOAMLIU);
      assertThat(report.fresh()).isEmpty();
      assertThat(report.unused()).isEmpty();
      double similarity = similarity(network, IMAGENET, "weights/check/foamliu_mobilefacenet.npy");
      assertThat(similarity).isGreaterThan(0.9999);
    }
  }

  @Test
  void refusesFoamliusWeightsInAnotherLayout() {
    Path foamliu = RealData.path(FOAMLIU);
    try (Network network = student(128)) {
      assertThatThrownBy(() -> WarmStart.into(network, foamliu, WeightNaming.FOAMLIU))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("layout: relu6");
    }
  }

  @Test
  void takesTimmNamesWithoutTranslation() throws Exception {
    try (Network network = new EdgeNeXt().create(new EdgeNeXt.Options(EdgeNeXt.Size.XX_SMALL, 4))) {
      network.initialise(manager, 1);
      Map<String, FloatTensor> tensors = new TreeMap<>();
      network
          .weights()
          .forEach(
              (name, weight) ->
                  tensors.put(
                      "model." + name,
                      FloatTensor.of(
                          name, weight.shape(), new float[(int) weight.shape().size()])));
      tensors.put("model.head.fc.bias", FloatTensor.of("", new Shape(3), new float[3]));
      tensors.put("model.extra", FloatTensor.of("", new Shape(1), new float[1]));
      Path file = folder.resolve("timm.safetensors");
      Files.write(file, Safetensors.write(tensors, Map.of()));
      float[] bias = network.save().get("head.fc.bias");
      WarmStartReport report = WarmStart.into(network, file, WeightNaming.TIMM);
      assertThat(report.fresh()).containsOnlyKeys("head.fc.bias");
      assertThat(report.unused()).containsExactly("extra");
      assertThat(report.summary()).contains("fresh: head.fc.bias").contains("unused: extra");
      assertThat(network.save().get("head.fc.bias")).isEqualTo(bias);
      assertThat(network.save().get("stem.0.weight")).containsOnly(0);
    }
  }

  @Test
  void refusesAFileOfWhichNothingFits() throws Exception {
    Path file = folder.resolve("other.safetensors");
    Files.write(
        file,
        Safetensors.write(Map.of("a", FloatTensor.of("a", new Shape(1), new float[1])), Map.of()));
    try (Network network = student(8)) {
      for (WeightNaming naming : WeightNaming.values()) {
        assertThatThrownBy(() -> WarmStart.into(network, file, naming))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("other.safetensors")
            .hasMessageContaining("xiaoccer");
      }
    }
  }

  /** Mean cosine of the network's embeddings and the stored ones, over 16 faces. */
  private double similarity(Network network, Preprocessing preprocessing, String expected) {
    float[] theirs = Npy.readFloats(RealData.path(expected)).values();
    float[] input = new float[16 * 3 * 112 * 112];
    for (int i = 0; i < 16; i++) {
      byte[] png = RealData.bytes("weights/check/face_%02d.png".formatted(i));
      float[] crop = CropTensor.chw(ImageDecoder.decode(png), preprocessing, false);
      System.arraycopy(crop, 0, input, i * crop.length, crop.length);
    }
    try (TensorScope scope = TensorScope.inference(manager, network)) {
      float[] ours =
          network
              .embed(scope.manager().create(input, new Shape(16, 3, 112, 112)), false)
              .toFloatArray();
      double sum = 0;
      for (int i = 0; i < 16; i++) {
        double dot = 0;
        double normA = 0;
        double normB = 0;
        for (int j = i * 128; j < (i + 1) * 128; j++) {
          dot += (double) ours[j] * theirs[j];
          normA += (double) ours[j] * ours[j];
          normB += (double) theirs[j] * theirs[j];
        }
        sum += dot / Math.sqrt(normA * normB);
      }
      return sum / 16;
    }
  }
}
