package io.facet.models.train.checkpoint;

import io.facet.models.DataException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All of a training run's state between two steps, to the last bit. Tables that are too large to be
 * in memory twice follow it row by row ({@link TableRows}).
 *
 * @param identity of the run: a checkpoint of another run is refused
 * @param step optimiser steps done
 * @param tensors weights and moments by {@code PART/NAME}
 * @param numbers all other state by name
 */
public record Checkpoint(
    String identity, long step, Map<String, float[]> tensors, Map<String, double[]> numbers) {
  private static final int MAGIC = 0x46434B32;
  private static final int CHUNK = 1 << 16;

  /**
   * Writes it.
   *
   * @param tables pieces that follow it
   */
  public void write(OutputStream to, Iterator<TableRows> tables) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to, CHUNK));
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
      write(out, entry.getValue());
    }
    while (tables.hasNext()) {
      TableRows piece = tables.next();
      out.writeBoolean(true);
      out.writeUTF(piece.table());
      out.writeInt(piece.rows().length);
      for (int row : piece.rows()) {
        out.writeInt(row);
      }
      write(out, piece.values());
    }
    out.writeBoolean(false);
    out.flush();
  }

  private static void write(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param use takes the checkpoint, before the pieces that follow it
   * @param tables takes each of those
   * @throws DataException if the bytes are not a checkpoint
   */
  public static void read(InputStream from, Consumer<Checkpoint> use, Consumer<TableRows> tables)
      throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(from, CHUNK));
    try {
      if (in.readInt() != MAGIC) {
        throw new DataException("not a training checkpoint; remove it to start anew");
      }
      use.accept(head(in));
      while (in.readBoolean()) {
        String table = in.readUTF();
        int[] rows = new int[in.readInt()];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = in.readInt();
        }
        tables.accept(new TableRows(table, rows, floats(in)));
      }
    } catch (EOFException | NegativeArraySizeException e) {
      throw new DataException("training checkpoint is cut short; remove it to start anew", e);
    }
  }

  private static Checkpoint head(DataInputStream in) throws IOException {
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
      tensors.put(name, floats(in));
    }
    return new Checkpoint(identity, step, tensors, numbers);
  }

  private static float[] floats(DataInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[CHUNK];
    for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - from);
      in.readFully(bytes, 0, count * Float.BYTES);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  /** The first tensor with a number that is not finite. */
  public Optional<String> notFinite() {
    return tensors.entrySet().stream()
        .filter(entry -> !finite(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether all values are finite numbers. */
  public static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The entries of one part, names without it. */
  public Map<String, float[]> part(String part) {
    return below(tensors, part);
  }

  /** Adds entries under the name of a part. */
  public static <V> void put(Map<String, V> into, String part, Map<String, V> values) {
    values.forEach((name, value) -> into.put(part + "/" + name, value));
  }

  /** Those entries whose names begin with a part, names without it. */
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
