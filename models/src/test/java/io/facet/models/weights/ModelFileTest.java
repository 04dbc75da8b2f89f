package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.format.TensorFile;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final Selected<Backbone<?>> TINY =
      RecordBinder.select(Backbone.class, "mobilefacenet", "{\"width\": 0.125, \"embedding\": 8}");

  @Test
  void comesBackWithAllItSays(@TempDir Path folder) {
    float[] classifier = new float[3 * 8];
    classifier[5] = 1;
    String identities = IdentityNames.digest(List.of("ann", "bob", "cid"));
    ModelFile model =
        model(1)
            .withClassifier(new ClassWeights(8, classifier, Optional.of(identities)))
            .withNote("method", "none");
    Path file = folder.resolve("student.safetensors");
    model.write(file);
    ModelFile back = ModelFile.read(file);
    assertThat(back.backbone()).isEqualTo(TINY);
    assertThat(back.preprocessing()).isEqualTo(Preprocessing.STANDARD);
    assertThat(back.notes()).containsExactly(Map.entry("method", "none"));
    assertThat(back.classifier().orElseThrow().rows()).isEqualTo(classifier);
    assertThat(back.classifier().orElseThrow().identities()).hasValue(identities);
    assertThat(back.classes()).isEqualTo(3);
    assertThat(back.bytes()).isEqualTo(model.bytes());
    try (NDManager manager = Torch.newManager();
        Network network = back.open(manager)) {
      network
          .save()
          .forEach((name, values) -> assertThat(values).isEqualTo(model.weights().get(name)));
    }
  }

  @Test
  void aFileOfFormerDaysDoesNotKnowWhoseItsClassWeightsAre() {
    ClassWeights weights = new ClassWeights(8, new float[16], Optional.empty());
    ModelFile back = ModelFile.read(model(1).withClassifier(weights).bytes(), "old.safetensors");
    assertThat(back.classes()).isEqualTo(2);
    assertThat(back.classifier().orElseThrow().identities()).isEmpty();
  }

  @Test
  void classWeightsOfAnotherWidthThanTheNetworkAreRefused() {
    assertThatThrownBy(
            () ->
                changed(
                    tensors ->
                        tensors.put(
                            "classifier.weight",
                            FloatTensor.of("classifier.weight", new Shape(3, 4), new float[12]))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "student.safetensors holds class weights of 4 numbers each, its network's embeddings have 8");
  }

  @Test
  void aMissingTensorIsNamed() {
    assertThatThrownBy(() -> changed(tensors -> tensors.remove("conv1.bn.bias")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("student.safetensors")
        .hasMessageContaining("conv1.bn.bias");
  }

  @Test
  void aTensorOfAnotherShapeIsNamed() {
    assertThatThrownBy(
            () ->
                changed(
                    tensors ->
                        tensors.put(
                            "conv1.bn.bias",
                            FloatTensor.of("conv1.bn.bias", new Shape(3), new float[3]))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("conv1.bn.bias")
        .hasMessageContaining("(3)");
  }

  @Test
  void aTensorTheNetworkDoesNotKnowIsNamed() {
    assertThatThrownBy(
            () ->
                changed(
                    tensors -> tensors.put("x", FloatTensor.of("x", new Shape(1), new float[1]))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'x'");
  }

  @Test
  void plainWeightsAreNoModel() {
    byte[] bytes =
        Safetensors.write(Map.of("x", FloatTensor.of("x", new Shape(1), new float[1])), Map.of());
    assertThatThrownBy(() -> ModelFile.read(bytes, "plain.safetensors"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("plain.safetensors");
  }

  private static void changed(java.util.function.Consumer<Map<String, FloatTensor>> change) {
    TensorFile file = Safetensors.read(model(1).bytes());
    Map<String, FloatTensor> tensors = new TreeMap<>(file.tensors());
    change.accept(tensors);
    ModelFile.read(Safetensors.write(tensors, file.metadata()), "student.safetensors");
  }

  private static ModelFile model(long seed) {
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(TINY)) {
      network.initialise(manager, seed);
      return ModelFile.of(TINY, Preprocessing.STANDARD, network);
    }
  }
}
