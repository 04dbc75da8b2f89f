package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityNamesTest {
  @Test
  void readsOneNameALineUnderANamespace() {
    assertThat(parse("0007\nZoë Müller\n", "").names()).containsExactly("0007", "Zoë Müller");
    assertThat(parse("\uFEFF0007\r\n0008", "ms1m").names())
        .containsExactly("ms1m/0007", "ms1m/0008");
  }

  @Test
  void aBlankLineIsNamed() {
    assertThatThrownBy(() -> parse("a\n\nb\n", ""))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("people.txt:2: the line is blank");
  }

  @Test
  void aNameThatStandsTwiceIsNamedWithBothLines() {
    assertThatThrownBy(() -> parse("a\nb\na\n", ""))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("people.txt:3: 'a' already stands on line 1");
  }

  @Test
  void anEmptyFileAndABinaryOneAreRefused() {
    assertThatThrownBy(() -> parse("", ""))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("people.txt is empty");
    byte[] binary = {(byte) 0xff, (byte) 0xfe, 0};
    assertThatThrownBy(() -> IdentityNames.parse(binary, "people.txt", ""))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("people.txt is not text in UTF-8");
  }

  @Test
  void theDigestDependsOnNamesAndOrder() {
    assertThat(IdentityNames.digest(List.of("a", "b")))
        .as("stored in every model file")
        .isEqualTo("16275ef0f5d0eb9dd9e0a53277549fda5c886358a6872df23c797b13e11455bc")
        .isNotEqualTo(IdentityNames.digest(List.of("b", "a")))
        .isNotEqualTo(IdentityNames.digest(List.of("ab")));
  }

  private static IdentityNames parse(String text, String namespace) {
    return IdentityNames.parse(text.getBytes(StandardCharsets.UTF_8), "people.txt", namespace);
  }
}
