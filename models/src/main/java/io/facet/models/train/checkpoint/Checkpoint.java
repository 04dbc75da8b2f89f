package io.facet.models.train.checkpoint;

import io.facet.models.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All of a training run's state between two steps, to the last bit.
 *
 * @param identity of the run: a checkpoint of another run is refused
 * @param step optimiser steps done
 * @param tensors weights and moments by {@code PART/NAME}
 * @param numbers all other state by name
 */
public record Checkpoint(
    String identity, long step, Map<String, float[]> tensors, Map<String, double[]> numbers) {
  private static final int MAGIC = 0x46434B31;

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeUTF(identity);
      out.writeLong(step);
      out.writeInt(numbers.size());
      for (Map.Entry<String, double[]> entry : numbers.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeInt(entry.getValue().length);
        for (double value : entry.getValue()) {
          out.writeDouble(value);
        }
      }
      out.writeInt(tensors.size());
      for (Map.Entry<String, float[]> entry : tensors.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeInt(entry.getValue().length);
        ByteBuffer values = ByteBuffer.allocate(Math.multiplyExact(4, entry.getValue().length));
        values.asFloatBuffer().put(entry.getValue());
        out.write(values.array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws DataException if the bytes are not a checkpoint
   */
  public static Checkpoint read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new DataException("not a training checkpoint; remove it to start anew");
      }
      String identity = in.readUTF();
      long step = in.readLong();
      Map<String, double[]> numbers = new LinkedHashMap<>();
      int numberCount = in.readInt();
      for (int i = 0; i < numberCount; i++) {
        String name = in.readUTF();
        double[] values = new double[in.readInt()];
        for (int j = 0; j < values.length; j++) {
          values[j] = in.readDouble();
        }
        numbers.put(name, values);
      }
      Map<String, float[]> tensors = new LinkedHashMap<>();
      int tensorCount = in.readInt();
      for (int i = 0; i < tensorCount; i++) {
        String name = in.readUTF();
        float[] values = new float[in.readInt()];
        byte[] raw = in.readNBytes(Math.multiplyExact(4, values.length));
        FloatBuffer source = ByteBuffer.wrap(raw).asFloatBuffer();
        source.get(values);
        tensors.put(name, values);
      }
      return new Checkpoint(identity, step, tensors, numbers);
    } catch (IOException | java.nio.BufferUnderflowException | NegativeArraySizeException e) {
      throw new DataException("training checkpoint is cut short; remove it to start anew", e);
    }
  }

  /** The first tensor with a number that is not finite. */
  public Optional<String> notFinite() {
    for (Map.Entry<String, float[]> entry : tensors.entrySet()) {
      for (float value : entry.getValue()) {
        if (!Float.isFinite(value)) {
          return Optional.of(entry.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /** The entries of one part, names without it. */
  public Map<String, float[]> part(String part) {
    return below(tensors, part);
  }

  /** Adds entries under the name of a part. */
  public static <V> void put(Map<String, V> into, String part, Map<String, V> values) {
    values.forEach((name, value) -> into.put(part + "/" + name, value));
  }

  public static <V> Map<String, V> below(Map<String, V> all, String part) {
    Map<String, V> found = new LinkedHashMap<>();
    all.forEach(
        (name, values) -> {
          if (name.startsWith(part + "/")) {
            found.put(name.substring(part.length() + 1), values);
          }
        });
    return found;
  }
}
