package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsTest {
  @Test
  void readsBackWhatItWrote() {
    byte[] bytes =
        Safetensors.write(
            Map.of(
                "b",
                FloatTensor.of("b", new Shape(2, 2), new float[] {1, -2, 3.5f, 0}),
                "a",
                new FloatTensor("a", ElementType.I64, new Shape(), new float[] {7})),
            Map.of("note", "ü"));
    TensorFile file = Safetensors.read(bytes);
    assertThat(file.metadata()).containsExactly(Map.entry("note", "ü"));
    assertThat(file.tensors().keySet()).containsExactly("a", "b");
    assertThat(file.tensors().get("a").values()).containsExactly(7);
    assertThat(file.tensors().get("a").shape()).isEqualTo(new Shape());
    assertThat(file.tensors().get("b").values()).containsExactly(1, -2, 3.5f, 0);
    assertThat(file.tensors().get("b").shape()).isEqualTo(new Shape(2, 2));
  }

  @Test
  void writesTheSameBytesWhateverTheOrderOfTheMap() {
    FloatTensor tensor = FloatTensor.of("", new Shape(1), new float[] {1});
    Map<String, FloatTensor> forth = new LinkedHashMap<>();
    Map<String, FloatTensor> back = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      forth.put("t" + i, tensor);
      back.put("t" + (8 - i), tensor);
    }
    assertThat(Safetensors.write(forth, Map.of())).isEqualTo(Safetensors.write(back, Map.of()));
  }

  @Test
  void widensNarrowAndWideTypes() {
    assertThat(single("F16", 0x3C00, 2)).isEqualTo(1);
    assertThat(single("F16", 0x8001, 2)).isEqualTo(-(float) Math.pow(2, -24));
    assertThat(single("F16", 0x7BFF, 2)).isEqualTo(65504);
    assertThat(single("BF16", 0xC040, 2)).isEqualTo(-3);
    assertThat(single("F64", Double.doubleToLongBits(0.1), 8)).isEqualTo(0.1f);
    assertThat(single("U8", 255, 1)).isEqualTo(255);
    assertThat(single("I8", 255, 1)).isEqualTo(-1);
    assertThat(single("BOOL", 1, 1)).isEqualTo(1);
    assertThat(single("I32", -5, 4)).isEqualTo(-5);
  }

  @Test
  void refusesInfinityInHalfPrecision() {
    assertThatThrownBy(() -> single("F16", 0x7C00, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'x'")
        .hasMessageContaining("Infinity");
  }

  @Test
  void refusesMalformedHeaders() {
    for (String header :
        new String[] {
          "[]",
          "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}",
          "{'x':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}",
          "{'x':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}}",
          "{'x':{'dtype':'F32','shape':1,'data_offsets':[0,4]}}",
          "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
          "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'x':{}}",
          "{'__metadata__':{'a':1}}",
          "{} {}",
          "[".repeat(5000),
          "{"
        }) {
      assertThatThrownBy(() -> Safetensors.read(file(header, new byte[4]), "weights.safetensors"))
          .as(header.substring(0, Math.min(80, header.length())))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("weights.safetensors");
    }
  }

  @Test
  void refusesEveryCutFile() {
    byte[] whole =
        Safetensors.write(
            Map.of("x", FloatTensor.of("x", new Shape(3), new float[] {1, 2, 3})), Map.of());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(DataException.class);
    }
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> Safetensors.read(Path.of("nowhere.safetensors")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nowhere.safetensors does not exist");
  }

  private static float single(String type, long bits, int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (bits >> 8 * i);
    }
    String header = "{'x':{'dtype':'%s','shape':[1],'data_offsets':[0,%d]}}".formatted(type, bytes);
    return Safetensors.read(file(header, data)).tensors().get("x").values()[0];
  }

  /** A file whose header is written with simple quotes here. */
  private static byte[] file(String header, byte[] data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }
}
