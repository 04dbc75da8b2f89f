package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnpicklerTest {
  private static Object read(String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return Unpickler.read(ByteBuffer.wrap(bytes), "test.pkl", (module, name) -> null);
  }

  @Test
  void readsPlainDataOfOldAndNewProtocols() {
    assertThat(read("(lp0\nI7\naF0.5\naVa\\b\naI01\na.")).isEqualTo(List.of(7L, 0.5, "a\\b", true));
    assertThat(read("\u0080\u0004}\u0094\u008c\u0001xK\u0005s.")).isEqualTo(Map.of("x", 5L));
    assertThat(read("\u0080\u0002M\u0001\u0001J\u00ff\u00ff\u00ff\u00ffN\u0087."))
        .isEqualTo(List.of(257L, -1L, Unpickler.NONE));
    assertThat(read("\u0080\u0002\u008a\u0002\u0000\u0080.")).isEqualTo(-32768L);
    assertThat(read("\u0080\u0002]q\u0000(K\u0001h\u0000e.")).isInstanceOf(List.class);
  }

  @Test
  void refusesEveryNameThatIsNotExpected() {
    for (String pickle :
        new String[] {
          "cos\nsystem\n(S'true'\ntR.",
          "\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093.",
          "\u0080\u0002c__builtin__\nexec\n."
        }) {
      assertThatThrownBy(() -> read(pickle))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("test.pkl");
    }
    assertThatThrownBy(() -> read("cposix\nsystem\n.")).hasMessageContaining("posix.system");
    assertThatThrownBy(() -> read("(S'x'\nios\nsystem\n.")).isInstanceOf(DataException.class);
  }

  @Test
  void listsThatHoldThemselvesDoNoHarm() {
    String loop = "\u0080\u0002]q\u0000h\u0000a"; // a list whose only element is the list
    for (String pickle :
        new String[] {
          loop + "h\u0000\u0086.",
          loop + "}h\u0000K\u0001s.",
          "\u0080\u0002c_codecs\nencode\n" + loop.substring(2) + "h\u0000\u0086R."
        }) {
      byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> PairsBin.read(bytes, "loop.bin"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("loop.bin");
    }
  }

  @Test
  void deepNestingIsNoProblem() {
    char[] deep = new char[400_000];
    Arrays.fill(deep, '(');
    char[] close = new char[400_000];
    Arrays.fill(close, 't');
    assertThat(read(new String(deep) + new String(close) + ".")).isInstanceOf(List.class);
  }

  @Test
  void verificationSetsMustHoldTwoImagesAPair() {
    byte[] one =
        "\u0080\u0003(C\u0001aC\u0001bl(\u0088\u0089l\u0086.".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> PairsBin.read(one, "set.bin"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 images for 2 pairs, needs 4");
  }
}
