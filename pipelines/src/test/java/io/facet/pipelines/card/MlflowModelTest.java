package io.facet.pipelines.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.face.Preprocessing;
import io.facet.tracking.server.MlflowPin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MlflowModelTest {
  private final Published student = SamplePublications.measured(Preprocessing.STANDARD);
  private final Map<String, byte[]> files = MlflowModel.files(student, ModelCard.of(student));

  private JsonNode yaml(String name) throws IOException {
    return new YAMLMapper().readTree(files.get(name));
  }

  @Test
  void theDescriptionNamesBothFlavoursAndTheirFiles() throws IOException {
    JsonNode model = yaml("MLmodel");
    JsonNode onnx = model.path("flavors").path("onnx");
    JsonNode python = model.path("flavors").path("python_function");
    assertThat(files.get(onnx.path("data").asText())).isEqualTo(student.onnx().orElseThrow());
    assertThat(python.path("loader_module").asText()).isEqualTo("mlflow.onnx");
    assertThat(files)
        .containsKeys(
            python.path("data").asText(),
            python.path("env").path("conda").asText(),
            python.path("env").path("virtualenv").asText(),
            model.path("saved_input_example_info").path("artifact_path").asText(),
            model.path("saved_input_example_info").path("serving_input_path").asText());
    assertThat(model.path("mlflow_version").asText()).isEqualTo(MlflowPin.VERSION);
    assertThat(text("requirements.txt")).contains("mlflow==" + MlflowPin.VERSION, "onnxruntime");
  }

  @Test
  void theSignatureIsOfTensors() throws IOException {
    JsonNode signature = yaml("MLmodel").path("signature");
    assertThat(signature.path("inputs").asText())
        .isEqualTo(
            "[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,3,112,112]}}]");
    assertThat(signature.path("outputs").asText())
        .isEqualTo(
            "[{\"name\":\"embedding\",\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,16]}}]");
  }

  @Test
  void aTimeIsTextAndOfMicroseconds() {
    assertThat(text("MLmodel")).contains("utc_time_created: \"2026-01-01 00:01:00.123456\"");
  }

  @Test
  void theExampleIsOneFaceOfTheInputsShape() throws IOException {
    JsonNode inputs = new JsonMapper().readTree(files.get("input_example.json"));
    JsonNode served = new JsonMapper().readTree(files.get("serving_input_example.json"));
    assertThat(served.path("inputs")).isEqualTo(inputs);
    assertThat(inputs).hasSize(1);
    assertThat(inputs.get(0)).hasSize(3);
    assertThat(inputs.get(0).get(2)).hasSize(112);
    assertThat(inputs.get(0).get(2).get(111)).hasSize(112);
  }

  private String text(String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }
}
