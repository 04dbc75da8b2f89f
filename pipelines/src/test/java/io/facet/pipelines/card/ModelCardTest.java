package io.facet.pipelines.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.face.Preprocessing;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCardTest {
  private final JsonNode card = ModelCard.of(SamplePublications.measured(Preprocessing.STANDARD));

  @Test
  void figuresOfSetsStandAsTheyWereMeasured() {
    JsonNode figures = card.path("evaluation").path("figures");
    assertThat(figures).hasSize(2);
    assertThat(figures.get(0).toString())
        .isEqualTo(
            "{\"set\":\"drawn\",\"figure\":\"accuracy\",\"value\":0.75,\"low\":0.5,\"high\":0.9,\"protocol\":\"lfw-10fold-v2\"}");
    assertThat(figures.get(1).has("low")).isFalse();
    assertThat(card.path("evaluation").path("absent").path("drawn/tar-at-far-1e-03").asText())
        .isEqualTo("needs 1000 different pairs, the set has 20");
    assertThat(CardText.withInterval(figures.get(0))).isEqualTo("0.75000 [0.50000, 0.90000]");
  }

  @Test
  void dataHaveTheDigestsOfTheirFilesAndRows() {
    JsonNode data = card.path("data");
    assertThat(data.path("sources").findValuesAsText("digest")).isEqualTo(List.of("aa11", "bb22"));
    assertThat(data.path("tables").get(0).toString())
        .isEqualTo("{\"name\":\"ingest/images\",\"rows\":48,\"digest\":\"cc33\"}");
    assertThat(card.path("artifacts").path("evaluate[none#1]").asText())
        .isEqualTo("evaluate[none#1]-fingerprint");
  }

  @Test
  void aReconstructedMethodIsCalledSo() {
    assertThat(card.path("method").path("reconstructed").asBoolean()).isTrue();
    assertThat(CardText.markdown(card)).contains("- method: cakd (reconstructed)\n");
  }

  @Test
  void theTextHasFiguresContractCodeAndLimits() {
    assertThat(CardText.markdown(card))
        .contains(
            "# none#1 of sample",
            "Intervals at 95 % confidence",
            "| drawn | accuracy | 0.75000 | [0.50000, 0.90000] | lfw-10fold-v2 |",
            "drawn/tar-at-far-1e-03: absent, needs 1000",
            "| verification drawn | synthetic | `bb22` |",
            "\"colourOrder\" : \"rgb\"",
            "mlflow.pyfunc.load_model(\"models:/small@candidate\")",
            "FaceEmbedder.open(model, detector)",
            "drawn faces alone",
            "- loss/total: 2.5000");
    assertThat(CardText.description(card)).contains("| drawn | accuracy", "## Limits");
  }

  @Test
  void theCodeFollowsTheContract() {
    Preprocessing other =
        new Preprocessing(
            Preprocessing.ColourOrder.BGR,
            96,
            112,
            List.of(0.1, 0.2, 0.3),
            List.of(0.5, 0.5, 0.5),
            Preprocessing.ARCFACE_112,
            Preprocessing.FlipFusion.SUM);
    String python =
        ModelCard.of(SamplePublications.measured(other)).path("use").path("python").asText();
    assertThat(python)
        .contains("[:, :, ::-1] / 255", "crop[:, 8:104]", "[0.1, 0.2, 0.3]", "(1, 3, 112, 96)")
        .contains("model.predict(images[..., ::-1].copy())");
  }

  @Test
  void whatIsMissingIsSaid() {
    JsonNode poor = ModelCard.of(SamplePublications.neitherMeasuredNorExported());
    assertThat(CardText.markdown(poor))
        .contains("None: it was not measured.", "its evaluation failed", "no ONNX form")
        .contains("student.safetensors")
        .doesNotContain("import mlflow");
  }
}
