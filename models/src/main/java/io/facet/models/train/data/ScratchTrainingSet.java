package io.facet.models.train.data;

import io.facet.models.DataException;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.ImageException;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.SeededHash;
import io.facet.models.weights.IdentityNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Crops on disk, decoded whenever they are asked for: some 30 bytes a crop are in memory, whatever
 * the size of the images. So every sampler draws from all crops, in any order, and a result does
 * not depend on how much memory there was.
 *
 * <p>Crops stand in the order of {@link SeededHash#of(String)} of their faces' names, classes in
 * the order of identity names: the same crops give the same set however they arrived.
 */
public final class ScratchTrainingSet implements TrainingSet, AutoCloseable {
  private final ScratchFile file;
  private final List<String> identities;
  private final long[] hashes;
  private final long[] positions;
  private final int[] lengths;
  private final int[] labels;

  /** Gathers crops; close it if {@link #build} is not reached. */
  public static final class Builder implements AutoCloseable {
    private final Map<String, Integer> numbers = new HashMap<>();
    private ScratchFile file = new ScratchFile();
    private long[] hashes = new long[1024];
    private long[] positions = new long[1024];
    private int[] lengths = new int[1024];
    private int[] identities = new int[1024];
    private int size;

    /** Takes in a crop: the name's length and bytes, then the image. */
    public void add(TrainingCrop crop) {
      if (size == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * size);
        positions = Arrays.copyOf(positions, 2 * size);
        lengths = Arrays.copyOf(lengths, 2 * size);
        identities = Arrays.copyOf(identities, 2 * size);
      }
      byte[] name = crop.faceId().getBytes(StandardCharsets.UTF_8);
      byte[] entry = new byte[2 + name.length + crop.encoded().length];
      entry[0] = (byte) (name.length >>> 8);
      entry[1] = (byte) name.length;
      System.arraycopy(name, 0, entry, 2, name.length);
      System.arraycopy(crop.encoded(), 0, entry, 2 + name.length, crop.encoded().length);
      hashes[size] = SeededHash.of(crop.faceId());
      positions[size] = file.append(entry);
      lengths[size] = entry.length;
      identities[size] =
          crop.identity().isEmpty()
              ? UNLABELLED
              : numbers.computeIfAbsent(crop.identity(), n -> numbers.size());
      size++;
    }

    /** The set; it takes over the file. */
    public ScratchTrainingSet build() {
      ScratchTrainingSet set = new ScratchTrainingSet(this);
      file = null;
      return set;
    }

    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }
  }

  private ScratchTrainingSet(Builder from) {
    file = from.file;
    identities = List.copyOf(new TreeSet<>(from.numbers.keySet()));
    int[] classes = new int[identities.size()];
    for (int label = 0; label < classes.length; label++) {
      classes[from.numbers.get(identities.get(label))] = label;
    }
    int[] order = ordered(from);
    hashes = new long[from.size];
    positions = new long[from.size];
    lengths = new int[from.size];
    labels = new int[from.size];
    for (int i = 0; i < order.length; i++) {
      hashes[i] = from.hashes[order[i]];
      positions[i] = from.positions[order[i]];
      lengths[i] = from.lengths[order[i]];
      int identity = from.identities[order[i]];
      labels[i] = identity == UNLABELLED ? UNLABELLED : classes[identity];
    }
  }

  /** By hash; faces of one hash, should there ever be two, by name. */
  private static int[] ordered(Builder from) {
    int[] order = LongOrder.ascending(Arrays.copyOf(from.hashes, from.size));
    for (int first = 0; first < order.length; ) {
      int end = first + 1;
      while (end < order.length && from.hashes[order[end]] == from.hashes[order[first]]) {
        end++;
      }
      if (end > first + 1) {
        List<Integer> twins = new ArrayList<>();
        for (int i = first; i < end; i++) {
          twins.add(order[i]);
        }
        twins.sort(Comparator.comparing(i -> name(from.file, from.positions[i])));
        for (int i = first; i < end; i++) {
          order[i] = twins.get(i - first);
        }
      }
      first = end;
    }
    return order;
  }

  private static String name(ScratchFile file, long position) {
    return new String(file.read(position + 2, nameLength(file, position)), StandardCharsets.UTF_8);
  }

  private static int nameLength(ScratchFile file, long position) {
    byte[] length = file.read(position, 2);
    return (length[0] & 0xFF) << 8 | length[1] & 0xFF;
  }

  /** Names of the identities, by class. */
  public List<String> identities() {
    return identities;
  }

  @Override
  public Optional<String> identityDigest() {
    return Optional.of(IdentityNames.digest(identities));
  }

  @Override
  public int size() {
    return hashes.length;
  }

  @Override
  public int classes() {
    return identities.size();
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String faceId(int index) {
    return name(file, positions[index]);
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
    byte[] entry = file.read(positions[index], lengths[index]);
    int image = 2 + ((entry[0] & 0xFF) << 8 | entry[1] & 0xFF);
    try {
      return ImageDecoder.decode(Arrays.copyOfRange(entry, image, entry.length));
    } catch (ImageException e) {
      throw new DataException("face %s: %s".formatted(faceId(index), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
