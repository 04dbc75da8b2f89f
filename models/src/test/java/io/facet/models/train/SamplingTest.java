package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.train.sampler.ShuffledOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static List<LabelledCrop> crops(int count, int identities) {
    List<LabelledCrop> crops = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[16 * 16 * 3];
      random.nextBytes(pixels);
      crops.add(
          new LabelledCrop(
              "face-" + i,
              "person-" + i % identities,
              FaceEncoder.png(new Pixels(16, 16, pixels))));
    }
    return crops;
  }

  private static List<String> names(TrainingSet set, int[] batch) {
    return Arrays.stream(batch).mapToObj(set::faceId).toList();
  }

  @Test
  void theOrderDoesNotDependOnArrival() {
    List<LabelledCrop> crops = crops(20, 4);
    TrainingSet first = new InMemoryTrainingSet(crops);
    Collections.shuffle(crops, new Random(5));
    TrainingSet second = new InMemoryTrainingSet(crops);

    int[][] one = new ShuffledOrder(first, 6, 9).epoch(3);
    int[][] two = new ShuffledOrder(second, 6, 9).epoch(3);

    assertThat(one).hasDimensions(3, 6);
    for (int i = 0; i < one.length; i++) {
      assertThat(names(second, two[i])).isEqualTo(names(first, one[i]));
      for (int j = 0; j < 6; j++) {
        assertThat(second.label(two[i][j])).isEqualTo(first.label(one[i][j]));
      }
    }
  }

  @Test
  void anEpochShowsEveryFaceAtMostOnceAndOthersNextTime() {
    TrainingSet set = new InMemoryTrainingSet(crops(20, 4));
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
    ShuffledOrder sampler = new ShuffledOrder(new InMemoryTrainingSet(crops(5, 2)), 64, 1);
    assertThat(sampler.batchesPerEpoch()).isEqualTo(1);
    assertThat(sampler.epoch(0)[0]).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void classesFollowTheNamesOfIdentities() {
    InMemoryTrainingSet set = new InMemoryTrainingSet(crops(6, 3));
    assertThat(set.identities()).containsExactly("person-0", "person-1", "person-2");
    for (int i = 0; i < 6; i++) {
      assertThat(set.identities().get(set.label(i)))
          .isEqualTo("person-" + Integer.parseInt(set.faceId(i).substring(5)) % 3);
    }
  }

  @Test
  void oneIdentityOrAnUnreadableCropIsAnError() {
    assertThatThrownBy(() -> new InMemoryTrainingSet(crops(3, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least two identities");
    TrainingSet broken =
        new InMemoryTrainingSet(
            List.of(
                new LabelledCrop("a", "x", new byte[] {1, 2, 3}),
                new LabelledCrop("b", "y", new byte[] {4})));
    assertThatThrownBy(() -> broken.crop(1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("face b");
  }

  @Test
  void batchesAreMirroredByFaceAndEpochAlone() throws Exception {
    TrainingSet set = new InMemoryTrainingSet(crops(40, 4));
    List<Batch> fromStart = load(set, 0);
    List<Batch> fromMiddle = load(set, 7);

    assertThat(fromMiddle).hasSize(fromStart.size() - 7);
    int mirrored = 0;
    for (int i = 0; i < fromMiddle.size(); i++) {
      Batch expected = fromStart.get(i + 7);
      assertThat(fromMiddle.get(i).indices()).isEqualTo(expected.indices());
      assertThat(fromMiddle.get(i).mirrored()).isEqualTo(expected.mirrored());
      assertThat(fromMiddle.get(i).studentImages()).isEqualTo(expected.studentImages());
      assertThat(fromMiddle.get(i).number()).isEqualTo(expected.number());
      for (boolean view : expected.mirrored()) {
        mirrored += view ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(60, 105);
  }

  private static List<Batch> load(TrainingSet set, long from) throws InterruptedException {
    List<Batch> batches = new ArrayList<>();
    try (BatchLoader loader =
        new BatchLoader(
            set,
            new ShuffledOrder(set, 8, 3),
            3,
            true,
            TinyStudent.PREPROCESSING,
            Optional.empty(),
            5,
            from,
            28)) {
      for (long step = from; step < 28; step++) {
        batches.add(loader.next());
      }
    }
    return batches;
  }

  @Test
  void aCropThatCannotBeReadStopsTraining() throws Exception {
    List<LabelledCrop> crops = crops(8, 2);
    crops.add(new LabelledCrop("face-broken", "person-0", new byte[] {0}));
    TrainingSet set = new InMemoryTrainingSet(crops);
    try (BatchLoader loader =
        new BatchLoader(
            set,
            new ShuffledOrder(set, 9, 3),
            3,
            true,
            TinyStudent.PREPROCESSING,
            Optional.empty(),
            1,
            0,
            1)) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("face-broken");
    }
  }
}
