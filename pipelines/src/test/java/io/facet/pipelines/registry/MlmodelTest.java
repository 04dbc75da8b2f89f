package io.facet.pipelines.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.Preprocessing;
import org.junit.jupiter.api.Test;

class MlmodelTest {
  private static Mlmodel parse(String text) {
    return Mlmodel.parse("models:/demo/1", text);
  }

  @Test
  void fileAndContractAreRead() {
    String text =
        """
        flavors: {onnx: {data: model.onnx}, python_function: {loader_module: mlflow.onnx}}
        metadata:
          facet.preprocessing: '{"colourOrder":"rgb","flipFusion":"none","height":112,"mean":[0.5,0.5,0.5],"standardDeviation":[0.5,0.5,0.5],"template":"arcface-112","width":112}'
        """;
    assertThat(parse(text).onnx()).isEqualTo("model.onnx");
    assertThat(parse(text).contract()).contains(Preprocessing.STANDARD);
    assertThat(parse("flavors: {onnx: {data: a.onnx}}").contract()).isEmpty();
  }

  @Test
  void aModelOfOtherFlavoursIsRefusedWithThem() {
    assertThatThrownBy(() -> parse("flavors: {pytorch: {}, python_function: {}}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "models:/demo/1 holds no ONNX model (flavours: pytorch, python_function)");
  }

  @Test
  void aFileOutsideTheFolderIsRefused() {
    for (String name : new String[] {"../model.onnx", "/etc/passwd", "..", "a\\b"}) {
      assertThatThrownBy(() -> parse("flavors: {onnx: {data: '" + name + "'}}"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("which is no file of its folder");
    }
  }

  @Test
  void damageIsTold() {
    assertThatThrownBy(() -> parse("flavors: {onnx"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not YAML");
    assertThatThrownBy(
            () ->
                parse(
                    "flavors: {onnx: {data: m.onnx}}\nmetadata: {facet.preprocessing: '{\"size\": 1}'}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("states no usable preprocessing");
  }
}
