package io.facet.pipelines.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.transforms.file.SharedFiles;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.beam.sdk.util.construction.PipelineOptionsTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsTest {
  @Test
  void withoutAnEndpointItIsAmazonsWithTheRegionOfTheEnvironment() {
    S3Settings none = of(Map.of(), Map.of());
    assertThat(none.endpoint()).isEmpty();
    assertThat(none.region()).isEmpty();
    assertThat(none.pathStyle()).isFalse();
    assertThat(of(Map.of(), Map.of("AWS_REGION", "eu-west-1")).region()).contains("eu-west-1");
  }

  @Test
  void anEndpointMakesPathsAndARegionUsualAndOptionsComeFirst() {
    Map<String, String> environment =
        Map.of("AWS_ENDPOINT_URL", "http://all:1", "AWS_ENDPOINT_URL_S3", "http://s3:2");
    S3Settings settings = of(Map.of(), environment);
    assertThat(settings.endpoint()).contains(URI.create("http://s3:2"));
    assertThat(settings.region()).contains("us-east-1");
    assertThat(settings.pathStyle()).isTrue();
    assertThat(
            of(
                Map.of("facet.s3.endpoint", "http://o:3", "facet.s3.pathStyle", "false"),
                environment))
        .returns(false, S3Settings::pathStyle)
        .returns(URI.create("http://o:3"), s -> s.endpoint().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_S3, localhost:9000, must look like",
    "AWS_ENDPOINT_URL_S3, http://user:secret@host, without credentials",
    "FACET_S3_PATH_STYLE, yes, must be true or false",
    "FACET_S3_TIMEOUT, 0, must be 1 to 9999 seconds"
  })
  void valuesThatCannotBeUsedAreNamed(String variable, String value, String expected) {
    assertThatThrownBy(() -> of(Map.of(), Map.of(variable, value)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(expected)
        .hasMessageContaining(variable)
        .hasMessageNotContaining("secret");
  }

  @Test
  void noCredentialsTravelToTheWorkers() throws IOException {
    System.setProperty("aws.accessKeyId", "AKIDOFDRIVER");
    System.setProperty("aws.secretAccessKey", "secret-of-driver");
    try {
      assertThat(PipelineOptionsTranslation.toJson(SharedFiles.options()))
          .contains("S3Clients")
          .doesNotContain("AKIDOFDRIVER", "secret-of");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  private static S3Settings of(Map<String, String> properties, Map<String, String> environment) {
    return S3Settings.of(properties::get, environment::get);
  }
}
