package io.facet.models.train.teacher;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.data.PositionalFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cached teacher outputs in files on disk, which trainings share; read where they lie. 20 bytes a
 * crop and tap are in memory.
 */
public final class StoredFeatures implements CachedFeatures, AutoCloseable {
  private final PackedTrainingSet set;
  private final List<PositionalFile> files = new ArrayList<>();
  private final Map<String, Tap> taps = new LinkedHashMap<>();

  /** Where the rows of one tap lie by position and view; 0: nowhere. */
  private record Tap(Shape shape, FeatureType type, short[] files, long[] places) {
    int bytes() {
      return Math.toIntExact(type.bytes() * shape.size());
    }
  }

  /** Features of the faces of a set. */
  public StoredFeatures(PackedTrainingSet set) {
    this.set = set;
  }

  /** Rows whose places are told from now on lie in this file. */
  public void file(Path path) {
    if (files.size() == Short.MAX_VALUE) {
      throw new DataException("teacher features lie in more files than " + Short.MAX_VALUE);
    }
    files.add(new PositionalFile(path));
  }

  /**
   * Where a row lies in the last file; faces outside the training set are left out.
   *
   * @param tap {@link #EMBEDDING} or the name of a tap
   * @param shape without the batch axis
   * @param bytes of the values, row-major, in a {@link FeatureType}
   * @param place of the first one, above 0
   * @throws DataException if the row does not fit the rows before it
   */
  public void place(
      String faceId, boolean mirrored, String tap, Shape shape, int bytes, long place) {
    Tap known = taps.computeIfAbsent(tap, t -> tap(shape, bytes));
    if (!known.shape().equals(shape) || bytes != known.bytes()) {
      throw InMemoryFeatures.misfit(faceId, tap, bytes / Float.BYTES, shape, known.shape());
    }
    int position = set.position(faceId);
    if (position >= 0) {
      int slot = InMemoryFeatures.slot(position, mirrored);
      known.files()[slot] = (short) (files.size() - 1);
      known.places()[slot] = place;
    }
  }

  private Tap tap(Shape shape, int bytes) {
    int rows = 2 * set.size();
    return new Tap(shape, FeatureType.of(bytes, shape.size()), new short[rows], new long[rows]);
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    taps.forEach((name, tap) -> shapes.put(name, tap.shape()));
    return shapes;
  }

  @Override
  public void read(String tap, int index, boolean mirrored, float[] target, int from) {
    Tap known = taps.get(tap);
    int slot = InMemoryFeatures.slot(index, mirrored);
    if (known == null || known.places()[slot] == 0) {
      throw InMemoryFeatures.missing(set.faceId(index), tap, mirrored);
    }
    byte[] bytes = files.get(known.files()[slot]).read(known.places()[slot], known.bytes());
    known.type().decode(bytes, target, from);
  }

  @Override
  public void close() {
    files.forEach(PositionalFile::close);
  }
}
