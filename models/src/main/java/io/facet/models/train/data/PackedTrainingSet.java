package io.facet.models.train.data;

import io.facet.models.DataException;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.ImageException;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.SeededHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Crops in files on disk, which trainings share; decoded whenever they are asked for. 40 bytes a
 * crop are in memory, whatever the size of the images. So every sampler draws from all crops, in
 * any order, and a result does not depend on how much memory there was.
 *
 * <p>Crops stand in the order of {@link SeededHash#of(String)} of their faces' names, classes in
 * the order of identity names: the same crops give the same set wherever they lie.
 */
public final class PackedTrainingSet implements TrainingSet, AutoCloseable {
  private final List<PositionalFile> files = new ArrayList<>();
  private final Index index;
  private final int classes;
  private final String identityDigest;

  /** What is known of each crop. */
  private static final class Index {
    private long[] hashes = new long[1024];
    private int[] labels = new int[1024];
    private int size;

    /** Positions of faces whose hash another one has too. */
    private final Map<String, Integer> twins = new HashMap<>();

    private short[] nameFiles;
    private long[] names;
    private short[] cropFiles;
    private long[] crops;
    private int[] lengths;

    void trim() {
      hashes = Arrays.copyOf(hashes, size);
      labels = Arrays.copyOf(labels, size);
      nameFiles = new short[size];
      names = new long[size];
      cropFiles = new short[size];
      crops = new long[size];
      lengths = new int[size];
    }

    /** Hashes are spread evenly: it is not far from where it would be if they were exactly so. */
    int position(String faceId) {
      Integer twin = twins.isEmpty() ? null : twins.get(faceId);
      if (twin != null) {
        return twin;
      }
      long hash = SeededHash.of(faceId);
      int low = (int) Math.multiplyHigh((hash ^ Long.MIN_VALUE) >>> 1, 2L * size);
      int high = low;
      int step = 1;
      for (; low > 0 && hashes[low - 1] >= hash; step *= 2) {
        low = Math.max(0, low - step);
      }
      for (; high < size && hashes[high] < hash; step *= 2) {
        high = Math.min(size, high + step);
      }
      return Arrays.binarySearch(hashes, low, Math.min(size, high + 1), hash);
    }
  }

  /** Gathers the crops of a set in its order, then where they lie. */
  public static final class Builder {
    private final int classes;
    private final String identityDigest;
    private final List<Path> files = new ArrayList<>();
    private final Index index = new Index();
    private String last = "";

    /**
     * A set without crops yet.
     *
     * @param classes number of identities
     * @param identityDigest see {@link TrainingSet#identityDigest}
     */
    public Builder(int classes, String identityDigest) {
      this.classes = classes;
      this.identityDigest = identityDigest;
    }

    /**
     * The next crop; all are added before the first file.
     *
     * @param label 0..C-1, or {@link TrainingSet#UNLABELLED}
     * @throws DataException if it does not follow the crop before it in the order of the hashes
     */
    public void add(String faceId, int label) {
      int size = index.size;
      long hash = SeededHash.of(faceId);
      if (size > 0 && hash <= index.hashes[size - 1]) {
        if (hash < index.hashes[size - 1] || faceId.equals(last)) {
          throw new DataException(
              "face %s is not behind face %s in the order of their hashes".formatted(faceId, last));
        }
        index.twins.put(last, size - 1);
        index.twins.put(faceId, size);
      }
      if (size == index.hashes.length) {
        index.hashes = Arrays.copyOf(index.hashes, 2 * size);
        index.labels = Arrays.copyOf(index.labels, 2 * size);
      }
      index.hashes[size] = hash;
      index.labels[size] = label;
      index.size++;
      last = faceId;
    }

    /** What is told the place of from now on lies in this file. */
    public void file(Path path) {
      if (files.isEmpty()) {
        index.trim();
      }
      if (files.size() == Short.MAX_VALUE) {
        throw new DataException("the crops lie in more files than " + Short.MAX_VALUE);
      }
      files.add(path);
    }

    /**
     * Where a face lies in the last file; passed over if it is not in the set.
     *
     * @param name where the face's id stands: its length in four bytes, lowest first, and its UTF-8
     * @param crop where the encoded image begins
     * @param length of the image in bytes; 0 if it lies elsewhere
     */
    public void place(String faceId, long name, long crop, int length) {
      int position = index.position(faceId);
      if (position >= 0) {
        index.nameFiles[position] = (short) (files.size() - 1);
        index.names[position] = name;
        crop(position, crop, length);
      }
    }

    /**
     * Where the crop of a face lies in the last file, unless that is known already; passed over if
     * the face is not in the set.
     *
     * @param crop where the encoded image begins
     * @param length of the image in bytes
     */
    public void crop(String faceId, long crop, int length) {
      int position = index.position(faceId);
      if (position >= 0 && index.lengths[position] == 0) {
        crop(position, crop, length);
      }
    }

    private void crop(int position, long crop, int length) {
      index.cropFiles[position] = (short) (files.size() - 1);
      index.crops[position] = crop;
      index.lengths[position] = length;
    }

    /**
     * The set; it opens the files.
     *
     * @throws DataException if a crop has no place
     */
    public PackedTrainingSet build() {
      if (files.isEmpty()) {
        index.trim();
      }
      long lost = Arrays.stream(index.lengths).filter(length -> length == 0).count();
      if (lost > 0) {
        throw new DataException(
            "%d of %d crops lie in none of the files %s".formatted(lost, index.size, files));
      }
      return new PackedTrainingSet(this);
    }
  }

  private PackedTrainingSet(Builder from) {
    index = from.index;
    classes = from.classes;
    identityDigest = from.identityDigest;
    try {
      from.files.forEach(path -> files.add(new PositionalFile(path)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public Optional<String> identityDigest() {
    return Optional.of(identityDigest);
  }

  @Override
  public int size() {
    return index.size;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int position) {
    return index.labels[position];
  }

  @Override
  public String faceId(int position) {
    PositionalFile file = files.get(index.nameFiles[position]);
    long name = index.names[position];
    byte[] length = file.read(name, Integer.BYTES);
    int bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new String(file.read(name + Integer.BYTES, bytes), StandardCharsets.UTF_8);
  }

  @Override
  public long faceHash(int position) {
    return index.hashes[position];
  }

  /** Position of a face, -1 if it is not in the set. */
  public int position(String faceId) {
    return Math.max(-1, index.position(faceId));
  }

  @Override
  public Pixels crop(int position) {
    PositionalFile file = files.get(index.cropFiles[position]);
    try {
      return ImageDecoder.decode(file.read(index.crops[position], index.lengths[position]));
    } catch (ImageException e) {
      throw new DataException("face %s: %s".formatted(faceId(position), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    files.forEach(PositionalFile::close);
  }
}
