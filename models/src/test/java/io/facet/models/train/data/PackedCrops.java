package io.facet.models.train.data;

import io.facet.models.tensor.SeededHash;
import io.facet.models.weights.IdentityNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Crops in a file, laid out as a set on disk wants them. */
public final class PackedCrops {
  private PackedCrops() {}

  /** A crop with the name of its identity, empty if unknown. */
  @SuppressWarnings("ArrayRecordComponent")
  public record TrainingCrop(String faceId, String identity, byte[] encoded) {
    long hash() {
      return SeededHash.of(faceId);
    }
  }

  /** Writes a file and opens it; the caller closes the set. */
  public static PackedTrainingSet set(Path path, Collection<TrainingCrop> crops) {
    TreeSet<String> known = new TreeSet<>();
    crops.forEach(crop -> known.add(crop.identity()));
    known.remove("");
    List<String> identities = List.copyOf(known);
    PackedTrainingSet.Builder set =
        new PackedTrainingSet.Builder(identities.size(), IdentityNames.digest(identities));
    List<TrainingCrop> sorted =
        crops.stream().sorted(Comparator.comparingLong(TrainingCrop::hash)).toList();
    sorted.forEach(crop -> set.add(crop.faceId(), identities.indexOf(crop.identity())));
    set.file(path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (TrainingCrop crop : crops) {
      byte[] name = crop.faceId().getBytes(StandardCharsets.UTF_8);
      int nameAt = bytes.size();
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.writeBytes(length.putInt(name.length).array());
      bytes.writeBytes(name);
      int cropAt = bytes.size();
      bytes.writeBytes(crop.encoded());
      set.place(crop.faceId(), nameAt, cropAt, crop.encoded().length);
    }
    try {
      Files.write(path, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set.build();
  }
}
