package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.augment.Augmentation;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.data.Batch;
import io.facet.models.train.data.BatchLoader;
import io.facet.models.train.data.LongOrder;
import io.facet.models.train.data.PackedCrops;
import io.facet.models.train.data.PackedCrops.TrainingCrop;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.sampler.ShuffledOrder;
import io.facet.models.train.teacher.StoredFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplingTest {
  @TempDir Path folder;
  private int sets;

  private static List<TrainingCrop> crops(int count, int identities) {
    List<TrainingCrop> crops = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[16 * 16 * 3];
      random.nextBytes(pixels);
      crops.add(
          new TrainingCrop(
              "face-" + i,
              "person-" + i % identities,
              FaceEncoder.png(new Pixels(16, 16, pixels))));
    }
    return crops;
  }

  /** Sets live as long as the tests, so nobody closes them. */
  private PackedTrainingSet set(Collection<TrainingCrop> crops) {
    return PackedCrops.set(folder.resolve("crops-" + sets++), crops);
  }

  @Test
  void anEpochShowsEveryFaceAtMostOnceAndOthersNextTime() {
    TrainingSet set = set(crops(20, 4));
    ShuffledOrder sampler = new ShuffledOrder(set, 6, 9);

    Set<Integer> shown = new TreeSet<>();
    for (int[] batch : sampler.epoch(0)) {
      Arrays.stream(batch).forEach(index -> assertThat(shown.add(index)).isTrue());
    }

    assertThat(shown).hasSize(18);
    assertThat(sampler.epoch(1)).isNotEqualTo(sampler.epoch(0));
    assertThat(new ShuffledOrder(set, 6, 10).epoch(0)).isNotEqualTo(sampler.epoch(0));
    assertThat(sampler.epoch(0)).isEqualTo(sampler.epoch(0));
  }

  @Test
  void aSetSmallerThanABatchIsOneBatch() {
    ShuffledOrder sampler = new ShuffledOrder(set(crops(5, 2)), 64, 1);
    assertThat(sampler.batchesPerEpoch()).isEqualTo(1);
    assertThat(sampler.epoch(0)[0]).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void anUnreadableCropIsAnError() {
    TrainingSet broken =
        set(
            List.of(
                new TrainingCrop("a", "x", new byte[] {1, 2, 3}),
                new TrainingCrop("b", "y", new byte[] {4})));
    for (int i = 0; i < 2; i++) {
      int index = i;
      assertThatThrownBy(() -> broken.crop(index))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("face " + broken.faceId(index));
    }
  }

  @Test
  void facesAreFoundByName() {
    PackedTrainingSet set = set(crops(20, 4));
    for (int i = 0; i < 20; i++) {
      assertThat(set.position(set.faceId(i))).isEqualTo(i);
      assertThat(set.faceHash(i)).isEqualTo(SeededHash.of(set.faceId(i)));
    }
    assertThat(set.position("stranger")).isEqualTo(-1);
  }

  /** Where a row begins in a file that is appended to. */
  private static long append(Path file, float... row) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    long at = Files.size(file);
    Files.write(file, bytes.array(), StandardOpenOption.APPEND);
    return at;
  }

  @Test
  void featuresAreReadWhereTheyLie() throws IOException {
    PackedTrainingSet set = set(crops(5, 2));
    Path file = Files.write(folder.resolve("features"), new byte[4]);
    try (StoredFeatures features = new StoredFeatures(set)) {
      features.file(file);
      for (int i = 4; i >= 0; i--) {
        String face = set.faceId(i);
        long embedding = append(file, i, -i, 0.5f);
        features.place(face, true, "embedding", new Shape(3), 12, embedding);
        features.place(face, false, "tap", new Shape(1, 2), 8, append(file, 7, i));
      }
      features.place("stranger", true, "embedding", new Shape(3), 12, 4);

      assertThat(features.shapes())
          .containsExactly(
              java.util.Map.entry("embedding", new Shape(3)),
              java.util.Map.entry("tap", new Shape(1, 2)));
      float[] row = new float[4];
      features.read("embedding", 3, true, row, 1);
      assertThat(row).containsExactly(0, 3, -3, 0.5f);
      features.read("tap", 4, false, row, 0);
      assertThat(row).containsExactly(7, 4, -3, 0.5f);
      assertThatThrownBy(() -> features.read("embedding", 3, false, row, 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(set.faceId(3))
          .hasMessageContaining("plain view");
      assertThatThrownBy(() -> features.place(set.faceId(0), true, "tap", new Shape(3), 12, 4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected");
      assertThatThrownBy(() -> features.place(set.faceId(0), true, "new", new Shape(3), 7, 4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("7 bytes are not 3 numbers");
    }
  }

  @Test
  void positionsAreSortedStablyBySignedKeys() {
    long[] keys = new Random(3).longs(500, -40, 40).toArray();
    keys[7] = Long.MIN_VALUE;
    keys[8] = Long.MAX_VALUE;
    assertThat(LongOrder.ascending(keys))
        .containsExactly(
            IntStream.range(0, 500)
                .boxed()
                .sorted(java.util.Comparator.comparingLong(i -> keys[i]))
                .mapToInt(i -> i)
                .toArray());
    assertThat(LongOrder.ascending(new long[0])).isEmpty();
  }

  @Test
  void batchesAreMirroredByFaceAndEpochAlone() throws Exception {
    TrainingSet set = set(crops(40, 4));
    List<Batch> fromStart = load(set, 0);
    List<Batch> fromMiddle = load(set, 7);

    assertThat(fromMiddle).hasSize(fromStart.size() - 7);
    int mirrored = 0;
    for (int i = 0; i < fromMiddle.size(); i++) {
      Batch expected = fromStart.get(i + 7);
      assertThat(fromMiddle.get(i).indices()).isEqualTo(expected.indices());
      assertThat(fromMiddle.get(i).mirrored()).isEqualTo(expected.mirrored());
      assertThat(fromMiddle.get(i).studentImages().values())
          .isEqualTo(expected.studentImages().values());
      assertThat(fromMiddle.get(i).number()).isEqualTo(expected.number());
      for (boolean view : expected.mirrored()) {
        mirrored += view ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(60, 105);
  }

  @Test
  void theTeacherSeesNoAugmentations() throws Exception {
    TrainingSet set = set(crops(8, 2));
    Augmentations occlusion =
        new Augmentations(
            List.of(
                RecordBinder.<Augmentation<?>>select(
                    Augmentation.class, "occlusion", "{\"probability\": 1}")),
            3);
    Batch augmented = first(set, occlusion);
    Batch plain = first(set, new Augmentations(List.of(), 3));

    assertThat(augmented.teacherImages().values()).isEqualTo(plain.teacherImages().values());
    assertThat(augmented.studentImages().values()).isNotEqualTo(plain.studentImages().values());
    assertThat(plain.studentImages().values()).isSameAs(plain.teacherImages().values());
  }

  @Test
  void aTeacherThatRunsLiveSeesTheFaceWhereTheStudentSeesIt() throws Exception {
    TrainingSet set = set(crops(8, 2));
    Selected<Augmentation<?>> occlusion =
        RecordBinder.select(Augmentation.class, "occlusion", "{\"probability\": 1}");
    Selected<Augmentation<?>> move =
        RecordBinder.select(Augmentation.class, "crop", "{\"probability\": 1, \"shift\": 0.3}");
    Selected<Augmentation<?>> nothing =
        RecordBinder.select(Augmentation.class, "occlusion", "{\"probability\": 0}");

    Batch both = first(set, new Augmentations(List.of(occlusion, move), 3));
    Batch moved = first(set, new Augmentations(List.of(nothing, move), 3));
    Batch plain = first(set, new Augmentations(List.of(), 3));
    Batch alone = first(set, new Augmentations(List.of(move), 3));

    assertThat(both.teacherImages().values()).isEqualTo(moved.studentImages().values());
    assertThat(both.teacherImages().values()).isNotEqualTo(plain.teacherImages().values());
    assertThat(both.teacherImages().values()).isNotEqualTo(both.studentImages().values());
    assertThat(alone.teacherImages()).isSameAs(alone.studentImages());
  }

  private static Batch first(TrainingSet set, Augmentations augmentations)
      throws InterruptedException {
    try (BatchLoader loader =
        new BatchLoader(
            set,
            new ShuffledOrder(set, 8, 3),
            3,
            true,
            augmentations,
            TinyStudent.PREPROCESSING,
            Optional.of(TinyStudent.PREPROCESSING),
            List.of(),
            true,
            0,
            1,
            0,
            1)) {
      return loader.next();
    }
  }

  @Test
  void givenBackImagesAreWrittenAnew() throws Exception {
    TrainingSet set = set(crops(40, 4));
    List<Batch> kept = load(set, 0);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    try (BatchLoader loader = loader(set, 8, 0, 0)) {
      for (Batch expected : kept) {
        Batch batch = loader.next();
        assertThat(batch.studentImages().values()).isEqualTo(expected.studentImages().values());
        arrays.add(batch.studentImages().values());
        loader.recycle(batch);
      }
    }
    assertThat(arrays).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void theNumberOfDecodersChangesNoBatch() throws Exception {
    TrainingSet set = set(crops(40, 4));
    try (BatchLoader one = loader(set, 8, 1, 0);
        BatchLoader many = loader(set, 8, 5, 0)) {
      for (int i = 0; i < 28; i++) {
        Batch expected = one.next();
        Batch batch = many.next();
        assertThat(batch.indices()).isEqualTo(expected.indices());
        assertThat(batch.studentImages().values()).isEqualTo(expected.studentImages().values());
      }
    }
  }

  /** Batches up to the 28th, with random changes. */
  private static BatchLoader loader(TrainingSet set, int size, int threads, long from) {
    ShuffledOrder order = new ShuffledOrder(set, size, 3);
    return new BatchLoader(
        set,
        order,
        3,
        true,
        new Augmentations(
            List.of(
                RecordBinder.<Augmentation<?>>select(
                    Augmentation.class, "occlusion", "{\"probability\": 0.5}")),
            3),
        TinyStudent.PREPROCESSING,
        Optional.empty(),
        List.of(),
        true,
        threads,
        order.batchesPerEpoch(),
        from,
        28);
  }

  private static List<Batch> load(TrainingSet set, long from) throws InterruptedException {
    List<Batch> batches = new ArrayList<>();
    try (BatchLoader loader = loader(set, 8, 0, from)) {
      for (long step = from; step < 28; step++) {
        batches.add(loader.next());
      }
    }
    return batches;
  }

  @Test
  void aCropThatCannotBeReadStopsTraining() throws Exception {
    List<TrainingCrop> crops = crops(8, 2);
    crops.add(new TrainingCrop("face-broken", "person-0", new byte[] {0}));
    TrainingSet set = set(crops);
    try (BatchLoader loader = loader(set, 9, 0, 0)) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("face-broken");
    }
  }
}
