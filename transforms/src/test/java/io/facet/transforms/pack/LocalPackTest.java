package io.facet.transforms.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.ImageDecoder;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.weights.IdentityNames;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPackTest {
  private static final long LARGE = Long.MAX_VALUE;

  @TempDir Path folder;
  private Path cache;

  @BeforeEach
  void chooseCache() {
    cache = folder.resolve("cache");
  }

  private static PackedFaces drawn(int images) {
    PackedFaces drawn = new PackedFaces();
    for (int i = 0; i < images; i++) {
      String identity = i % 5 == 4 ? "" : "person-" + i % 5;
      drawn.image(identity, i % 5 == 0 ? SampleRow.VALIDATION : SampleRow.TRAIN);
    }
    return drawn;
  }

  /** A pack on a storage that is not of this machine. */
  private PackFiles away(String name, int images) throws IOException {
    return drawn(images).pack("faulty://sound" + folder.resolve(name), 3);
  }

  /** In the order in which they are fetched. */
  private static List<DataFile> all(PackFiles pack) {
    return Stream.concat(pack.rows().stream(), pack.faces().stream()).toList();
  }

  private LocalPack open(PackFiles pack) throws Exception {
    return LocalPack.open(pack, new FileCopies(cache, LARGE));
  }

  private List<Path> copies() throws IOException {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(cache)) {
      return files
          .filter(file -> file.getFileName().toString().contains("file-"))
          .sorted()
          .toList();
    }
  }

  /** Every crop of a set, which is read through. */
  private static List<byte[]> pixels(PackedTrainingSet set) {
    return IntStream.range(0, set.size()).mapToObj(i -> set.crop(i).bgr()).toList();
  }

  @Test
  void setsHaveTheCropsInTheOrderOfHashesAndTheClassesInTheOrderOfNames() throws Exception {
    PackedFaces drawn = drawn(40);
    PackFiles pack = drawn.pack(folder.resolve("here").toString(), 3);
    Map<String, LabelFaces.Sample> samples =
        drawn.samples.stream()
            .collect(Collectors.toMap(LabelFaces.Sample::imageId, sample -> sample));
    try (LocalPack open = open(pack)) {
      for (String split : List.of(SampleRow.TRAIN, SampleRow.VALIDATION)) {
        PackedTrainingSet set = split.equals(SampleRow.TRAIN) ? open.train() : open.validation();
        List<FaceRow> crops =
            drawn.crops.stream()
                .filter(crop -> sample(samples, crop).split().equals(split))
                .sorted(Comparator.comparingLong(crop -> SeededHash.of(crop.faceId())))
                .toList();
        List<String> names =
            crops.stream()
                .map(crop -> sample(samples, crop).identity())
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted()
                .toList();
        assertThat(set.size()).isEqualTo(crops.size());
        assertThat(set.classes()).isEqualTo(names.size());
        assertThat(set.identityDigest()).isEqualTo(Optional.of(IdentityNames.digest(names)));
        for (int i = 0; i < set.size(); i++) {
          FaceRow crop = crops.get(i);
          String identity = sample(samples, crop).identity();
          assertThat(set.faceId(i)).isEqualTo(crop.faceId());
          assertThat(set.faceHash(i)).isEqualTo(SeededHash.of(crop.faceId()));
          assertThat(set.position(crop.faceId())).isEqualTo(i);
          assertThat(set.label(i))
              .isEqualTo(identity.isEmpty() ? TrainingSet.UNLABELLED : names.indexOf(identity));
          assertThat(set.crop(i).bgr()).isEqualTo(ImageDecoder.decode(crop.crop()).bgr());
        }
      }
    }
  }

  private static LabelFaces.Sample sample(Map<String, LabelFaces.Sample> samples, FaceRow crop) {
    return samples.get(crop.faceId().substring(0, 64));
  }

  @Test
  void aPackOnThisMachineIsReadWhereItLies() throws Exception {
    try (LocalPack open = open(drawn(10).pack(folder.resolve("here").toString(), 2))) {
      assertThat(pixels(open.train())).hasSize(8);
    }
    assertThat(cache).doesNotExist();
  }

  @Test
  void imagesTakenAsTheyAreAreReadFromTheirOwnTable() throws Exception {
    List<byte[]> cutOut;
    try (LocalPack open = open(drawn(20).pack(folder.resolve("cut").toString(), 2))) {
      cutOut = pixels(open.train());
    }
    PackedFaces drawn = drawn(20);
    for (int i = 0; i < 20; i += 3) {
      drawn.takenAsTheyAre.add(drawn.crops.get(i).imageId());
    }
    PackFiles pack = drawn.pack("faulty://sound" + folder.resolve("taken"), 2);
    try (LocalPack open = open(pack)) {
      assertThat(pixels(open.train()))
          .usingElementComparator(Arrays::compare)
          .containsExactlyElementsOf(cutOut);
      assertThat(open.train().faceId(0)).endsWith("-0-0123456789ab");
    }
    assertThat(copies()).hasSize(2 + 1 + 1); // shards, faces, images
  }

  @Test
  void aPackElsewhereIsFetchedOnceForAllTrainings() throws Exception {
    PackFiles pack = away("store", 30);
    try (LocalPack first = open(pack)) {
      assertThat(copies()).hasSize(4);
      for (DataFile shard : all(pack)) {
        Files.delete(PackedFaces.path(shard.uri()));
      }
      try (LocalPack second = open(pack)) {
        assertThat(pixels(second.train()))
            .usingElementComparator((a, b) -> Arrays.compare(a, b))
            .containsExactlyElementsOf(pixels(first.train()));
      }
      assertThat(first.train().crop(0).width()).isEqualTo(112);
    }
  }

  @Test
  void aCopyThatWasWrittenToOrCutIsFetchedAgain() throws Exception {
    PackFiles pack = away("store", 30);
    open(pack).close();
    List<Path> copies = copies();
    byte[] whole = Files.readAllBytes(copies.get(0));
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    Files.write(copies.get(0), changed);
    Files.write(copies.get(1), new byte[7]);
    open(pack).close();
    assertThat(Files.readAllBytes(copies.get(0))).isEqualTo(whole);
    assertThat(Files.size(copies.get(1))).isEqualTo(all(pack).get(1).bytes());
  }

  @Test
  void whatAKilledProcessLeftHalfMadeIsMadeAndTheRestKept() throws Exception {
    PackFiles pack = away("store", 30);
    open(pack).close();
    List<Path> copies = copies();
    Path half = copies.get(1).resolveSibling(".file-00001-half");
    Files.write(half, new byte[10]);
    Files.delete(copies.get(1));
    Files.write(copies.get(0).resolveSibling("use-of-a-dead-process"), new byte[0]);
    Files.delete(PackedFaces.path(all(pack).get(0).uri())); // so it cannot be fetched again
    try (LocalPack open = open(pack)) {
      assertThat(pixels(open.train())).hasSize(24);
    }
    assertThat(half).doesNotExist();
    assertThat(copies()).isEqualTo(copies);
  }

  @Test
  void aShardOfOtherBytesThanTheManifestTellsIsRefused() throws Exception {
    PackFiles pack = away("store", 12);
    DataFile shard = all(pack).get(0);
    Path path = PackedFaces.path(shard.uri());
    byte[] bytes = Files.readAllBytes(path);
    bytes[40] ^= 1;
    Files.write(path, bytes);
    assertThatThrownBy(() -> open(pack))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(shard.uri())
        .hasMessageContaining("its manifest says " + shard.sha256());
    assertThat(copies()).isEmpty();
    PackFiles here = drawn(12).pack(folder.resolve("here").toString(), 1);
    Files.write(PackedFaces.path(here.faces().get(0).uri()), new byte[3]);
    assertThatThrownBy(() -> open(here))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(here.faces().get(0).uri());
  }

  @Test
  void packsUsedLongestAgoMakeRoomUnlessTheyAreUsed() throws Exception {
    PackFiles oldest = away("oldest", 12);
    PackFiles older = away("older", 13);
    PackFiles newest = away("newest", 14);
    LocalPack used = open(oldest);
    open(older).close();
    assertThat(copies()).hasSize(8);

    LocalPack.open(newest, new FileCopies(cache, 1)).close();
    assertThat(copies()).hasSize(8); // oldest is read, newest was asked for
    assertThat(pixels(used.train())).hasSize(9);
    used.close();

    LocalPack.open(older, new FileCopies(cache, 1)).close();
    assertThat(copies()).hasSize(4);
    assertThat(copies().get(0).getParent()).isDirectoryNotContaining("glob:**use-*");
  }

  @Test
  void anInterruptedTrainingLeavesOthersOfThePackAlive() throws Exception {
    PackFiles pack = away("store", 20);
    LocalPack stopped = open(pack);
    try (LocalPack other = open(pack)) {
      Thread.currentThread().interrupt();
      assertThat(stopped.train().crop(0).width()).isEqualTo(112);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      stopped.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(pixels(other.train())).hasSize(16);
    }
  }

  @Test
  void facesThatLackOneOfThePackAreRefused() throws Exception {
    PackedFaces drawn = drawn(10);
    PackFiles pack = drawn.pack(folder.resolve("here").toString(), 1);
    drawn.crops.remove(0);
    TableFile.write(FaceRow.class, folder.resolve("other").toString(), "faces", drawn.crops);
    PackFiles other =
        PackedFaces.files(folder.resolve("here").toString(), folder.resolve("other").toString());
    assertThatThrownBy(() -> open(other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 of 2 crops lie in none of the files");
    assertThat(pack.rows()).isEqualTo(other.rows());
  }
}
