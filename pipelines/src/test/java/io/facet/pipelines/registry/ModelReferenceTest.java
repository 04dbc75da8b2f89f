package io.facet.pipelines.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {
  @Test
  void aliasAndNumberNameAVersion() {
    assertThat(ModelReference.parse("models:/face model@champion"))
        .isEqualTo(new ModelReference("face model", Optional.of("champion"), 0))
        .hasToString("models:/face model@champion");
    assertThat(ModelReference.parse("models:/demo/12"))
        .isEqualTo(new ModelReference("demo", Optional.empty(), 12))
        .hasToString("models:/demo/12");
    assertThat(ModelReference.is("models:/demo/12")).isTrue();
    assertThat(ModelReference.is("models/demo.onnx")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models:/demo",
        "models:/demo/latest",
        "models:/demo/0",
        "models:/demo/-1",
        "models:demo/1",
        "models:/m-0123456789",
        "models:/a/b@c",
        "models:/@c",
        "models:/demo@"
      })
  void otherFormsAreRefusedWithTheRightOnes(String text) {
    assertThatThrownBy(() -> ModelReference.parse(text))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("'" + text + "' names no version of a registered model")
        .hasMessageContaining("models:/NAME@ALIAS or models:/NAME/VERSION");
  }
}
