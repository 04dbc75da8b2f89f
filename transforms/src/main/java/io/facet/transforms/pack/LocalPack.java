package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.Places;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack on this machine, open for one training: the order and labels of table {@code pack}, and
 * where the crops lie in table {@code faces}.
 */
public final class LocalPack implements AutoCloseable {
  private final PackedTrainingSet train;
  private final PackedTrainingSet validation;
  private final TrainingFiles files;

  private LocalPack(PackedTrainingSet train, PackedTrainingSet validation, TrainingFiles files) {
    this.train = train;
    this.validation = validation;
    this.files = files;
  }

  /** What is read of table {@code faces}. */
  private record Crop(String faceId, int cropBytes) {}

  /**
   * Opens a pack; the caller closes it.
   *
   * @throws DataException if its files are none
   * @throws InterruptedException if the thread is interrupted while the pack is fetched
   */
  public static LocalPack open(PackFiles pack) throws IOException, InterruptedException {
    return open(pack, FileCopies.ofThisMachine());
  }

  static LocalPack open(PackFiles pack, FileCopies copies)
      throws IOException, InterruptedException {
    List<DataFile> wanted = new ArrayList<>(pack.rows());
    wanted.addAll(pack.crops());
    TrainingFiles files = TrainingFiles.open(wanted, copies);
    PackedTrainingSet train = null;
    try {
      int rows = pack.rows().size();
      Gathering learnt = new Gathering(PackIdentities.read(pack, SampleRow.TRAIN));
      Gathering measured = new Gathering(PackIdentities.read(pack, SampleRow.VALIDATION));
      addRows(files.paths().subList(0, rows), learnt, measured);
      addCrops(files.paths().subList(rows, wanted.size()), learnt, measured);
      train = learnt.set.build();
      return new LocalPack(train, measured.set.build(), files);
    } catch (RuntimeException e) {
      if (train != null) {
        train.close();
      }
      files.close();
      throw e;
    }
  }

  private static void addRows(List<Path> paths, Gathering learnt, Gathering measured) {
    List<String> uris = paths.stream().map(Path::toString).toList();
    try (ParquetTable.Rows<PackRow> rows = ParquetTable.read(PackRow.class, uris)) {
      for (PackRow row : rows) {
        (row.split().equals(SampleRow.TRAIN) ? learnt : measured).add(row);
      }
    }
  }

  private static void addCrops(List<Path> paths, Gathering learnt, Gathering measured) {
    Places<Crop> places =
        Places.of(Crop.class)
            .column("face_id", crop -> Places.utf8(crop.faceId()))
            .column("crop", Crop::cropBytes);
    for (Path path : paths) {
      learnt.set.file(path);
      measured.set.file(path);
      places.find(
          path,
          (crop, at) -> {
            long name = at[0] - Integer.BYTES;
            learnt.set.place(crop.faceId(), name, at[1], crop.cropBytes());
            measured.set.place(crop.faceId(), name, at[1], crop.cropBytes());
          });
    }
  }

  /** A split under construction. */
  private static final class Gathering {
    private final PackIdentities identities;
    private final PackedTrainingSet.Builder set;

    Gathering(PackIdentities identities) {
      this.identities = identities;
      this.set = new PackedTrainingSet.Builder(identities.names().size(), identities.digest());
    }

    void add(PackRow row) {
      set.add(row.faceId(), identities.label(row.identity()));
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
    files.close();
  }
}
