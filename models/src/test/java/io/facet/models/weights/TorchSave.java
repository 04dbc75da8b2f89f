package io.facet.models.weights;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what {@code torch.save} writes: one tensor, or dictionaries of tensors. */
final class TorchSave {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final List<float[]> storages = new ArrayList<>();

  TorchSave() {
    put("\u0080\u0002");
  }

  /** Begins a dictionary. */
  TorchSave begin() {
    put("}(");
    return this;
  }

  /** The next key of the dictionary. */
  TorchSave key(String key) {
    text(key);
    return this;
  }

  /** Ends the dictionary. */
  TorchSave end() {
    put("u");
    return this;
  }

  /** A whole number. */
  TorchSave number(int value) {
    put("J");
    pickle.writeBytes(littleEndian(1).putInt(value).array());
    return this;
  }

  /** A value as its pickle has it. */
  TorchSave raw(String latin1) {
    put(latin1);
    return this;
  }

  /** A float32 tensor without axes. */
  TorchSave scalar(float value) {
    put("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    put("ctorch\nFloatStorage\n");
    text(Integer.toString(storages.size()));
    text("cpu");
    number(1);
    put("tQK\u0000))\u0089ccollections\nOrderedDict\n)RtR");
    storages.add(new float[] {value});
    return this;
  }

  /** A contiguous float32 matrix. */
  TorchSave matrix(Shape shape, float... values) {
    put("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    put("ctorch\nFloatStorage\n");
    text(Integer.toString(storages.size()));
    text("cpu");
    number(values.length);
    put("tQK\u0000");
    number((int) shape.get(0)).number((int) shape.get(1));
    put("\u0086");
    number((int) shape.get(1)).number(1);
    put("\u0086\u0089ccollections\nOrderedDict\n)RtR");
    storages.add(values);
    return this;
  }

  /** Writes the file. */
  Path to(Path file) throws IOException {
    put(".");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(pickle.toByteArray());
      for (int i = 0; i < storages.size(); i++) {
        zip.putNextEntry(new ZipEntry("archive/data/" + i));
        ByteBuffer bytes = littleEndian(storages.get(i).length);
        bytes.asFloatBuffer().put(storages.get(i));
        zip.write(bytes.array());
      }
    }
    return file;
  }

  private void text(String text) {
    put("X");
    pickle.writeBytes(littleEndian(1).putInt(text.length()).array());
    put(text);
  }

  private static ByteBuffer littleEndian(int words) {
    return ByteBuffer.allocate(4 * words).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void put(String latin1) {
    pickle.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
