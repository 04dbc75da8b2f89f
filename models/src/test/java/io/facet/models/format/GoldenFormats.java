package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
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
    return Set.of("SAFETENSORS", "PTH", "BIN_PAIRS", "RECORDIO").contains(method);
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
      case "PTH" -> {
        assertThat(PthFile.read(golden.file("file")).tensors()).isNotEmpty();
        assertTensors(golden, PthFile.readStored(golden.file("file")));
      }
      case "BIN_PAIRS" -> {
        PairsBin pairs = PairsBin.read(golden.file("bin"));
        JsonNode images = golden.expected("images");
        assertThat(pairs.images()).hasSize(images.size());
        for (int i = 0; i < images.size(); i++) {
          assertPayload(pairs.images().get(i), images.get(i));
        }
        List<Boolean> same = new ArrayList<>();
        golden.expected("same").forEach(answer -> same.add(answer.asBoolean()));
        assertThat(pairs.same()).isEqualTo(same);
      }
      case "RECORDIO" -> assertRecords(golden);
      default -> throw new AssertionError(golden.method());
    }
  }

  private static void assertRecords(GoldenCase golden) throws Exception {
    List<RecordIo.Image> images = new ArrayList<>();
    RecordIo.read(golden.file("rec"), images::add);
    JsonNode expected = golden.expected("images");
    assertThat(images).hasSize(expected.size());
    for (int i = 0; i < images.size(); i++) {
      RecordIo.Image image = images.get(i);
      assertThat(image.key()).isEqualTo(expected.get(i).path("index").asLong());
      assertThat(image.identity()).contains(expected.get(i).path("label").get(0).asLong());
      assertThat(image.labels()).hasSize(expected.get(i).path("label").size());
      assertPayload(image.payload(), expected.get(i));
    }
  }

  private static void assertPayload(byte[] actual, JsonNode expected) throws Exception {
    assertThat(actual).hasSize(expected.path("length").asInt());
    assertThat(sha256(actual)).isEqualTo(expected.path("sha256").asText());
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
