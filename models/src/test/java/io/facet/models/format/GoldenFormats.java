package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Golden cases of file formats. */
@AutoService(GoldenArea.class)
public final class GoldenFormats implements GoldenArea {
  @Override
  public String area() {
    return "recordio";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("SAFETENSORS").contains(method);
  }

  @Override
  public void check(GoldenCase golden) throws Exception {
    if (golden.expectsError()) {
      golden.assertRefused(() -> read(golden));
    } else {
      read(golden);
    }
  }

  private static void read(GoldenCase golden) throws Exception {
    switch (golden.method()) {
      case "SAFETENSORS" -> {
        assertThat(Safetensors.read(golden.file("file")).tensors()).isNotEmpty();
        byte[] bytes = Files.readAllBytes(golden.file("file"));
        assertTensors(golden, Safetensors.readStored(bytes, golden.name()));
      }
      default -> throw new AssertionError(golden.method());
    }
  }

  private static void assertTensors(GoldenCase golden, List<StoredTensor> tensors)
      throws Exception {
    assertThat(tensors).isSortedAccordingTo(Comparator.comparing(StoredTensor::name));
    JsonNode expected = golden.expected("tensors");
    assertThat(tensors).hasSize(expected.size());
    for (int i = 0; i < tensors.size(); i++) {
      StoredTensor tensor = tensors.get(i);
      assertThat(tensor.name()).isEqualTo(expected.get(i).path("name").asText());
      assertThat(tensor.type().name()).isEqualTo(expected.get(i).path("dtype").asText());
      JsonNode shape = expected.get(i).path("shape");
      assertThat(tensor.shape().dimension()).isEqualTo(shape.size());
      for (int axis = 0; axis < shape.size(); axis++) {
        assertThat(tensor.shape().get(axis)).isEqualTo(shape.get(axis).asLong());
      }
      assertThat(sha256(tensor.data())).isEqualTo(expected.get(i).path("sha256").asText());
    }
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
