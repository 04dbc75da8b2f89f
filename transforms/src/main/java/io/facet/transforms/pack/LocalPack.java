package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.Places;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pack on this machine, open for one training: the order and labels of table {@code pack}, and
 * where the crops lie in tables {@code faces} and {@code images}.
 */
public final class LocalPack implements AutoCloseable {
  private final PackedTrainingSet train;
  private final PackedTrainingSet validation;
  private final List<TrainingFiles> files;

  private LocalPack(
      PackedTrainingSet train, PackedTrainingSet validation, List<TrainingFiles> files) {
    this.train = train;
    this.validation = validation;
    this.files = files;
  }

  /** What is read of table {@code faces}. */
  private record Face(String faceId, int cropBytes) {}

  /** What is read of table {@code images}. */
  private record Image(String imageId, int bytesBytes) {}

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
    wanted.addAll(pack.faces());
    List<TrainingFiles> files = new ArrayList<>();
    PackedTrainingSet train = null;
    try {
      files.add(TrainingFiles.open(wanted, copies));
      List<Path> paths = files.get(0).paths();
      int rows = pack.rows().size();
      Gathering learnt = new Gathering(PackIdentities.read(pack, SampleRow.TRAIN));
      Gathering measured = new Gathering(PackIdentities.read(pack, SampleRow.VALIDATION));
      addRows(paths.subList(0, rows), learnt, measured);
      Set<String> asTheyAre = addFaces(paths.subList(rows, wanted.size()), learnt, measured);
      if (!asTheyAre.isEmpty()) {
        files.add(TrainingFiles.open(pack.images(), copies));
        addImages(files.get(1).paths(), asTheyAre, learnt, measured);
      }
      train = learnt.set.build();
      return new LocalPack(train, measured.set.build(), files);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (train != null) {
        train.close();
      }
      close(files);
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

  /**
   * Adds where the faces lie.
   *
   * @return how the faces whose images are taken as they are go on behind the names of these
   */
  private static Set<String> addFaces(List<Path> paths, Gathering learnt, Gathering measured) {
    Set<String> asTheyAre = new TreeSet<>();
    Places<Face> places =
        Places.of(Face.class)
            .column("face_id", face -> Places.utf8(face.faceId()))
            .column("crop", Face::cropBytes);
    find(
        places,
        paths,
        List.of(learnt.set, measured.set),
        (face, at) -> {
          long name = at[0] - Integer.BYTES;
          learnt.set.place(face.faceId(), name, at[1], face.cropBytes());
          measured.set.place(face.faceId(), name, at[1], face.cropBytes());
          if (face.cropBytes() == 0) {
            asTheyAre.add(FaceId.withinImage(face.faceId()));
          }
        });
    return asTheyAre;
  }

  private static void addImages(
      List<Path> paths, Set<String> asTheyAre, Gathering learnt, Gathering measured) {
    Places<Image> places = Places.of(Image.class).column("bytes", Image::bytesBytes);
    find(
        places,
        paths,
        List.of(learnt.set, measured.set),
        (image, at) -> {
          for (String face : asTheyAre) {
            String faceId = image.imageId() + face;
            learnt.set.crop(faceId, at[0], image.bytesBytes());
            measured.set.crop(faceId, at[0], image.bytesBytes());
          }
        });
  }

  private static <T> void find(
      Places<T> places,
      List<Path> paths,
      List<PackedTrainingSet.Builder> sets,
      Places.Found<T> found) {
    for (Path path : paths) {
      sets.forEach(set -> set.file(path));
      places.find(path, found);
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
    close(files);
  }

  private static void close(List<TrainingFiles> files) throws IOException {
    for (TrainingFiles one : files) {
      one.close();
    }
  }
}
