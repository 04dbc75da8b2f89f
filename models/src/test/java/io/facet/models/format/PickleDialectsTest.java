package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verification sets in every way in which Python and NumPy write them. */
class PickleDialectsTest {
  private static final byte[] FIRST = {(byte) 0xFF, (byte) 0xD8, 0, '\n', '\\', 'u', '1'};
  private static final byte[] SECOND = {(byte) 0xFF, '\'', '"', '\r'};

  private static void assertTheSet(PairsBin set) {
    assertThat(set.images()).containsExactly(FIRST, SECOND);
    assertThat(set.same()).isEqualTo(List.of(true));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes, protocol 0|"
            + "KChscDAKY19jb2RlY3MKZW5jb2RlCnAxCihW/9hcdTAwMDBcdTAwMGFcdTAwNWN1MQpwMgpWbGF0aW4x"
            + "CnAzCnRwNApScDUKYWcxCihW/yciXHUwMDBkCnA2CmczCnRwNwpScDgKYShscDkKSTAxCmF0cDEwCi4=",
        "bytes, protocol 2|"
            + "gAJdcQAoY19jb2RlY3MKZW5jb2RlCnEBWAkAAADDv8OYAApcdTFxAlgGAAAAbGF0aW4xcQOGcQRScQVo"
            + "AVgFAAAAw78nIg1xBmgDhnEHUnEIZV1xCYhhhnEKLg==",
        "bytes, protocol 4|" + "gASVHAAAAAAAAABdlChDB//YAApcdTGUQwT/JyINlGVdlIhhhpQu",
        "byte arrays, protocol 2|"
            + "gAJdcQAoY19fYnVpbHRpbl9fCmJ5dGVhcnJheQpxAWNfY29kZWNzCmVuY29kZQpxAlgJAAAAw7/DmAAK"
            + "XHUxcQNYBgAAAGxhdGluMXEEhnEFUnEGhXEHUnEIaAFoAlgFAAAAw78nIg1xCWgEhnEKUnELhXEMUnEN"
            + "ZV1xDohhhnEPLg==",
        "byte arrays, protocol 5|"
            + "gAWVKgAAAAAAAABdlCiWBwAAAAAAAAD/2AAKXHUxlJYEAAAAAAAAAP8nIg2UZV2UiGGGlC4=",
        "arrays of bytes, protocol 2|"
            + "gAJdcQAoY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnEBY251bXB5Cm5kYXJyYXkK"
            + "cQJLAIVxA2NfY29kZWNzCmVuY29kZQpxBFgBAAAAYnEFWAYAAABsYXRpbjFxBoZxB1JxCIdxCVJxCihL"
            + "AUsHhXELY251bXB5CmR0eXBlCnEMWAIAAAB1MXENiYiHcQ5ScQ8oSwNYAQAAAHxxEE5OTkr/////Sv//"
            + "//9LAHRxEWKJaARYCQAAAMO/w5gAClx1MXESaAaGcRNScRR0cRViaAFoAksAhXEWaAiHcRdScRgoSwFL"
            + "BIVxGWgPiWgEWAUAAADDvyciDXEaaAaGcRtScRx0cR1iZWgBaAJLAIVxHmgIh3EfUnEgKEsBSwGFcSFo"
            + "DFgCAAAAYjFxIomIh3EjUnEkKEsDaBBOTk5K/////0r/////SwB0cSViiWgEWAEAAAABcSZoBoZxJ1Jx"
            + "KHRxKWKGcSou",
        "arrays of bytes, protocol 5|"
            + "gAWVzAAAAAAAAABdlCiME251bXB5Ll9jb3JlLm51bWVyaWOUjAtfZnJvbWJ1ZmZlcpSTlChDB//YAApc"
            + "dTGUjAVudW1weZSMBWR0eXBllJOUjAJ1MZSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0sAdJRiSweF"
            + "lIwBQ5R0lFKUaAMoQwT/JyINlGgKSwSFlGgOdJRSlGVoAyiWAQAAAAAAAAABlGgHjAJiMZSJiIeUUpQo"
            + "SwNoC05OTkr/////Sv////9LAHSUYksBhZRoDnSUUpSGlC4=",
        "numpy booleans, protocol 0|"
            + "KChscDAKY19jb2RlY3MKZW5jb2RlCnAxCihW/9hcdTAwMDBcdTAwMGFcdTAwNWN1MQpwMgpWbGF0aW4x"
            + "CnAzCnRwNApScDUKYWcxCihW/yciXHUwMDBkCnA2CmczCnRwNwpScDgKYShscDkKY251bXB5Ll9jb3Jl"
            + "Lm11bHRpYXJyYXkKc2NhbGFyCnAxMAooY251bXB5CmR0eXBlCnAxMQooVmIxCnAxMgpJMDAKSTAxCnRw"
            + "MTMKUnAxNAooSTMKVnwKcDE1Ck5OTkktMQpJLTEKSTAKdHAxNgpiZzEKKFYBCnAxNwpnMwp0cDE4ClJw"
            + "MTkKdHAyMApScDIxCmF0cDIyCi4=",
        "numpy booleans, protocol 4|"
            + "gASVfQAAAAAAAABdlChDB//YAApcdTGUQwT/JyINlGVdlIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSM"
            + "BnNjYWxhcpSTlIwFbnVtcHmUjAVkdHlwZZSTlIwCYjGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9L"
            + "AHSUYkMBAZSGlFKUYYaULg==",
        "array of objects, protocol 3|"
            + "gANjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsA"
            + "hXECQwFicQOHcQRScQUoSwFLAoVxBmNudW1weQpkdHlwZQpxB1gCAAAATzhxCImIh3EJUnEKKEsDWAEA"
            + "AAB8cQtOTk5K/////0r/////Sz90cQxiiV1xDShDB//YAApcdTFxDkME/yciDXEPZXRxEGJdcRFHP/AA"
            + "AAAAAABhhnESLg=="
      })
  void equalSetsReadEqually(String dialect, String base64) {
    assertTheSet(PairsBin.read(Base64.getDecoder().decode(base64), dialect));
  }

  @Test
  void stringsOfPython2AreBytes() {
    String pickle =
        "((lp0\nS'\\xff\\xd8\\x00\\n\\\\u1'\np1\naS\"\\377'\\\"\\r\"\np2\na(lp3\nI01\natp4\n.";
    assertTheSet(PairsBin.read(pickle.getBytes(StandardCharsets.ISO_8859_1), "python2.bin"));
  }

  @Test
  void imagesThatAreNotEncodedAreRefused() {
    String pickle = "((lp0\nI5\naI6\na(lp3\nI01\natp4\n.";
    assertThatThrownBy(
            () -> PairsBin.read(pickle.getBytes(StandardCharsets.ISO_8859_1), "numbers.bin"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "numbers.bin: image 0 is not a sequence of bytes; store the encoded images (JPEG or PNG)");
  }

  @Test
  void anArrayMustFillItsShape() {
    String pickle =
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
            + "(I1\n(I4\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntRI00\nS'abc'\ntb.";
    assertThatThrownBy(
            () -> PairsBin.read(pickle.getBytes(StandardCharsets.ISO_8859_1), "short.bin"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("short.bin")
        .hasMessageContaining("do not fill its shape");
  }
}
