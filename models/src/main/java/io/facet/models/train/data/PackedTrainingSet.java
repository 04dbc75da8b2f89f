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
import java.util.List;
import java.util.Optional;

/**
 * Crops in files on disk, which trainings share; decoded whenever they are asked for. 32 bytes a
 * crop are in memory, whatever the size of the images. So every sampler draws from all crops, in
 * any order, and a result does not depend on how much memory there was.
 *
 * <p>Crops stand in the order of {@link SeededHash#of(String)} of their faces' names, classes in
 * the order of identity names: the same crops give the same set however they arrived.
 */
public final class PackedTrainingSet implements TrainingSet, AutoCloseable {
  private final List<CropFile> files = new ArrayList<>();
  private final int[] starts;
  private final long[] hashes;
  private final long[] names;
  private final long[] crops;
  private final int[] lengths;
  private final int[] labels;
  private final int classes;
  private final String identityDigest;

  /** Gathers where the crops of a set lie, in the set's order. */
  public static final class Builder {
    private final int classes;
    private final String identityDigest;
    private final List<Path> files = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private long[] hashes = new long[1024];
    private long[] names = new long[1024];
    private long[] crops = new long[1024];
    private int[] lengths = new int[1024];
    private int[] labels = new int[1024];
    private int size;

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

    /** Crops that are added from now on lie in this file. */
    public void file(Path path) {
      files.add(path);
      starts.add(size);
    }

    /**
     * A crop of the last file.
     *
     * @param hash {@link SeededHash#of(String)} of the face's name
     * @param name where the name stands: its length in four bytes, lowest first, and its UTF-8
     * @param crop where the encoded image begins
     * @param length of the image in bytes
     * @param label 0..C-1, or {@link TrainingSet#UNLABELLED}
     * @throws DataException if it does not follow the crop before it in the order of the hashes
     */
    public void add(long hash, long name, long crop, int length, int label) {
      if (size > 0 && hash < hashes[size - 1]) {
        throw new DataException(
            files.get(files.size() - 1) + ": its crops are not in the order of their hashes");
      }
      if (size == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * size);
        names = Arrays.copyOf(names, 2 * size);
        crops = Arrays.copyOf(crops, 2 * size);
        lengths = Arrays.copyOf(lengths, 2 * size);
        labels = Arrays.copyOf(labels, 2 * size);
      }
      hashes[size] = hash;
      names[size] = name;
      crops[size] = crop;
      lengths[size] = length;
      labels[size] = label;
      size++;
    }

    /** The set; it opens the files. */
    public PackedTrainingSet build() {
      return new PackedTrainingSet(this);
    }
  }

  private PackedTrainingSet(Builder from) {
    starts = from.starts.stream().mapToInt(i -> i).toArray();
    hashes = Arrays.copyOf(from.hashes, from.size);
    names = Arrays.copyOf(from.names, from.size);
    crops = Arrays.copyOf(from.crops, from.size);
    lengths = Arrays.copyOf(from.lengths, from.size);
    labels = Arrays.copyOf(from.labels, from.size);
    classes = from.classes;
    identityDigest = from.identityDigest;
    try {
      from.files.forEach(path -> files.add(new CropFile(path)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The file of a crop: the last one that does not begin behind it. */
  private CropFile file(int index) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return files.get(low);
  }

  @Override
  public Optional<String> identityDigest() {
    return Optional.of(identityDigest);
  }

  @Override
  public int size() {
    return hashes.length;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String faceId(int index) {
    CropFile file = file(index);
    byte[] length = file.read(names[index], Integer.BYTES);
    int bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new String(file.read(names[index] + Integer.BYTES, bytes), StandardCharsets.UTF_8);
  }

  @Override
  public long faceHash(int index) {
    return hashes[index];
  }

  /** Position of a face, -1 if it is not in the set. */
  public int position(String faceId) {
    long hash = SeededHash.of(faceId);
    int found = Arrays.binarySearch(hashes, hash);
    if (found < 0) {
      return -1;
    }
    while (found > 0 && hashes[found - 1] == hash) {
      found--;
    }
    for (int i = found; i < hashes.length && hashes[i] == hash; i++) {
      if (faceId(i).equals(faceId)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public Pixels crop(int index) {
    try {
      return ImageDecoder.decode(file(index).read(crops[index], lengths[index]));
    } catch (ImageException e) {
      throw new DataException("face %s: %s".formatted(faceId(index), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    files.forEach(CropFile::close);
  }
}
