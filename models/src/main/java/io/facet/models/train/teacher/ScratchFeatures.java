package io.facet.models.train.teacher;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.data.ScratchFile;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Cached teacher outputs on disk, filled row by row in any order; nothing of them is in memory. */
public final class ScratchFeatures implements CachedFeatures, AutoCloseable {
  private final PackedTrainingSet set;
  private final Map<String, Tap> taps = new LinkedHashMap<>();

  /** The rows of one tap by position and view, and which of them are there. */
  private record Tap(Shape shape, ScratchFile file, BitSet filled) {
    int bytes() {
      return Math.toIntExact(Float.BYTES * shape.size());
    }
  }

  /** Features of the faces of a set. */
  public ScratchFeatures(PackedTrainingSet set) {
    this.set = set;
  }

  /**
   * Takes in one row; faces outside the training set are left out.
   *
   * @param tap {@link #EMBEDDING} or the name of a tap
   * @param shape without the batch axis
   * @param row values, row-major
   * @throws DataException if the row does not fit the rows before it
   */
  public void put(String faceId, boolean mirrored, String tap, Shape shape, float[] row) {
    Tap known = taps.computeIfAbsent(tap, t -> new Tap(shape, new ScratchFile(), new BitSet()));
    if (!known.shape().equals(shape) || row.length != shape.size()) {
      throw InMemoryFeatures.misfit(faceId, tap, row.length, shape, known.shape());
    }
    int position = set.position(faceId);
    if (position >= 0) {
      int slot = InMemoryFeatures.slot(position, mirrored);
      ByteBuffer bytes = ByteBuffer.allocate(known.bytes());
      bytes.asFloatBuffer().put(row);
      known.file().write((long) slot * known.bytes(), bytes.array());
      known.filled().set(slot);
    }
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    taps.forEach((name, tap) -> shapes.put(name, tap.shape()));
    return shapes;
  }

  @Override
  public float[] values(String tap, int index, boolean mirrored) {
    Tap known = taps.get(tap);
    int slot = InMemoryFeatures.slot(index, mirrored);
    if (known == null || !known.filled().get(slot)) {
      throw InMemoryFeatures.missing(set.faceId(index), tap, mirrored);
    }
    float[] row = new float[(int) known.shape().size()];
    byte[] bytes = known.file().read((long) slot * known.bytes(), known.bytes());
    ByteBuffer.wrap(bytes).asFloatBuffer().get(row);
    return row;
  }

  @Override
  public void close() {
    taps.values().forEach(tap -> tap.file().close());
  }
}
