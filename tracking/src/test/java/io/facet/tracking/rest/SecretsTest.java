package io.facet.tracking.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
  @Test
  void valuesOfSecretVariablesDisappearAndOthersStay() {
    Secrets secrets = Secrets.of(Map.of("DB_PASSWORD", "swordfish", "PATH", "/usr/bin/tool"));
    assertThat(secrets.redact("swordfish in /usr/bin/tool")).isEqualTo("(hidden) in /usr/bin/tool");
  }

  @Test
  void aLongSecretGoesWholeEvenIfAShorterOneIsPartOfIt() {
    Secrets secrets = Secrets.of(Map.of("A_TOKEN", "abcdef", "B_TOKEN", "abcdefghij"));
    assertThat(secrets.redact("x abcdefghij y")).isEqualTo("x (hidden) y");
  }

  @Test
  void usersInAddressesAndAuthorisationHeadersDisappear() {
    Secrets secrets = Secrets.of(Map.of());
    assertThat(secrets.redact("git https://me:key@host/x and http://host/y"))
        .isEqualTo("git https://(hidden)@host/x and http://host/y");
    assertThat(secrets.redact("Authorization: Basic bWU6a2V5a2V5"))
        .isEqualTo("Authorization: Basic (hidden)");
    assertThat(secrets.redact("a basic distillation method"))
        .isEqualTo("a basic distillation method");
  }

  @Test
  void valuesOfSecretNamesInTextsDisappear() {
    Secrets secrets = Secrets.of(Map.of());
    assertThat(secrets.redact("store:\n  password: swordfish\n  tokens: 2\n"))
        .isEqualTo("store:\n  password: (hidden)\n  tokens: 2\n");
    assertThat(secrets.redact("{\"api-key\": \"k123\", \"seed\": \"7\"}"))
        .isEqualTo("{\"api-key\": \"(hidden)\", \"seed\": \"7\"}");
    assertThat(secrets.redact("--set s3.secret=abc --set epochs=2"))
        .isEqualTo("--set s3.secret=(hidden) --set epochs=2");
    assertThat(secrets.redact("https://host/x?access_token=abc&page=2"))
        .isEqualTo("https://host/x?access_token=(hidden)&page=2");
  }

  @Test
  void escapedTextsStayReadableAndASecondTimeChangesNothing() {
    Secrets secrets = Secrets.of(Map.of());
    String json = "{\"recipe\": \"a:\\n  token: x1\\n  key: \\\"y\\\"\\n\", \"api_key\": \"a b\"}";
    String clean = secrets.redact(json);
    assertThat(clean)
        .isEqualTo(
            "{\"recipe\": \"a:\\n  token: (hidden)\\n  key: \\\"y\\\"\\n\","
                + " \"api_key\": \"(hidden)\"}");
    assertThat(secrets.redact(clean)).isEqualTo(clean);
  }

  @Test
  void namesThatSoundSecretAreKnown() {
    assertThat(Secrets.isSecretName("store.password")).isTrue();
    assertThat(Secrets.isSecretName("api-key")).isTrue();
    assertThat(Secrets.isSecretName("prompt.tokens")).isFalse();
    assertThat(Secrets.isSecretName("passwordless")).isFalse();
  }

  @Test
  void anAddressIsShownWithoutItsUser() {
    assertThat(Secrets.withoutUser(URI.create("https://me:key@host:8443/mlflow")))
        .isEqualTo("https://host:8443/mlflow");
  }
}
