package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pack on this machine, open for one training. Shards on its own file systems are read where they
 * lie, others from {@link PackCopies}; either way all trainings read the same files.
 */
public final class LocalPack implements AutoCloseable {
  private final PackedTrainingSet train;
  private final PackedTrainingSet validation;
  private final PackUse use;

  private LocalPack(PackedTrainingSet train, PackedTrainingSet validation, PackUse use) {
    this.train = train;
    this.validation = validation;
    this.use = use;
  }

  /**
   * Opens a pack; the caller closes it.
   *
   * @throws DataException if its files are none
   * @throws InterruptedException if the thread is interrupted while the pack is fetched
   */
  public static LocalPack open(PackFiles pack) throws IOException, InterruptedException {
    return open(pack, PackCopies.ofThisMachine());
  }

  static LocalPack open(PackFiles pack, PackCopies copies)
      throws IOException, InterruptedException {
    boolean here = pack.shards().stream().allMatch(shard -> isHere(shard.uri()));
    PackCopies.Copied copied =
        here
            ? new PackCopies.Copied(pack.shards().stream().map(LocalPack::whole).toList(), null)
            : copies.copy(pack.shards());
    PackedTrainingSet train = null;
    try {
      Gathering learnt = new Gathering(PackIdentities.read(pack, SampleRow.TRAIN));
      Gathering measured = new Gathering(PackIdentities.read(pack, SampleRow.VALIDATION));
      for (Path path : copied.paths()) {
        learnt.set.file(path);
        measured.set.file(path);
        PackPlaces.find(
            path,
            (row, name, crop) ->
                (row.split().equals(SampleRow.TRAIN) ? learnt : measured).add(row, name, crop));
      }
      train = learnt.set.build();
      return new LocalPack(train, measured.set.build(), copied.use());
    } catch (RuntimeException e) {
      close(train, copied.use());
      throw e;
    }
  }

  private static void close(PackedTrainingSet set, PackUse use) throws IOException {
    if (set != null) {
      set.close();
    }
    if (use != null) {
      use.close();
    }
  }

  private static boolean isHere(String uri) {
    return StoredFiles.resource(uri).getScheme().equals("file");
  }

  private static Path whole(PackFiles.Shard shard) {
    Path path = Path.of(StoredFiles.resource(shard.uri()).toString());
    try {
      if (Files.size(path) == shard.bytes()) {
        return path;
      }
    } catch (IOException e) {
      throw unlike(shard, e);
    }
    throw unlike(shard, null);
  }

  private static DataException unlike(PackFiles.Shard shard, Exception cause) {
    return new DataException(
        "%s is not there with the %d bytes its manifest tells of; run again, which makes it anew"
            .formatted(shard.uri(), shard.bytes()),
        cause);
  }

  /** A split under construction. */
  private static final class Gathering {
    private final PackIdentities identities;
    private final PackedTrainingSet.Builder set;

    Gathering(PackIdentities identities) {
      this.identities = identities;
      this.set = new PackedTrainingSet.Builder(identities.names().size(), identities.digest());
    }

    void add(PackPlaces.Small row, long name, long crop) {
      set.add(
          SeededHash.of(row.faceId()),
          name,
          crop,
          row.cropBytes(),
          identities.label(row.identity()));
    }
  }

  /** The crops to learn from. */
  public PackedTrainingSet train() {
    return train;
  }

  /** The crops of people kept out of training. */
  public PackedTrainingSet validation() {
    return validation;
  }

  @Override
  public void close() throws IOException {
    train.close();
    validation.close();
    close(null, use);
  }
}
