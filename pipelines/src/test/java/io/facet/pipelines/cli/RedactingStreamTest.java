package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RedactingStreamTest {
  @Test
  void linesLoseTheirSecretsAndNothingElse() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = RedactingStream.before(said);
    stream.println("größer: https://me:word@host/x");
    stream.printf("token=%s end%n", "abc");
    stream.print("\r 50 %");
    stream.flush();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualTo(String.format("größer: https://(hidden)@host/x%ntoken=(hidden) end%n\r 50 %%"));
  }
}
