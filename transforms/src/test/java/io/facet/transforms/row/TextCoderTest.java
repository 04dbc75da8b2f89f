package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class TextCoderTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  /** Ids, ids with more behind them, near misses, and any text. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> digits =
        Arbitraries.strings().withChars("0123456789abcdef").ofMinLength(60).ofMaxLength(70);
    Arbitrary<String> mixed =
        Arbitraries.strings().withChars("0123456789abcdefABg-").ofMinLength(60).ofMaxLength(70);
    return Arbitraries.oneOf(
        digits, mixed, Arbitraries.strings().map(text -> ID + text), Arbitraries.strings());
  }

  @Property
  void decodingGivesBackWhatWasEncoded(@ForAll("texts") String text) throws Exception {
    assertThat(decode(encode(text))).isEqualTo(text);
  }

  @Test
  void anIdTakesHalfItsLength() throws Exception {
    assertThat(encode(ID)).hasSize(33);
    assertThat(encode(ID + "-0-0123456789ab")).hasSize(33 + 15);
    assertThat(encode("lfw/1.jpg")).hasSize(1 + 9);
  }

  @Test
  void upperCaseStaysUpperCase() throws Exception {
    String text = ID.replace('a', 'A');
    assertThat(encode(text)).hasSize(2 + 64);
    assertThat(decode(encode(text))).isEqualTo(text);
  }

  @Test
  void cutOffTextIsNoticed() throws Exception {
    byte[] id = encode(ID + "-0");
    for (int length = 1; length < id.length; length++) {
      byte[] cut = Arrays.copyOf(id, length);
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> encode(null)).isInstanceOf(CoderException.class);
  }

  private static byte[] encode(String text) throws Exception {
    return CoderUtils.encodeToByteArray(TextCoder.of(), text);
  }

  private static String decode(byte[] bytes) throws Exception {
    return TextCoder.of().decode(new ByteArrayInputStream(bytes));
  }
}
