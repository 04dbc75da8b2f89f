package io.facet.models.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.PackedCrops.TrainingCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedTrainingSetTest {
  @TempDir Path folder;

  private static List<TrainingCrop> crops(int count) {
    List<TrainingCrop> crops = new ArrayList<>();
    Random random = new Random(4);
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[16 * 16 * 3];
      random.nextBytes(pixels);
      String identity = i % 5 == 4 ? "" : "person-" + i % 5;
      crops.add(
          new TrainingCrop("face-" + i, identity, FaceEncoder.png(new Pixels(16, 16, pixels))));
    }
    return crops;
  }

  @Test
  void aCropOfNobodyKnownHasNoLabel() {
    try (PackedTrainingSet set = PackedCrops.set(folder.resolve("crops"), crops(10))) {
      assertThat(set.classes()).isEqualTo(4);
      assertThat(set.labelled()).isEqualTo(8);
      int unknown = set.position("face-9");
      assertThat(set.label(unknown)).isEqualTo(TrainingSet.UNLABELLED);
      assertThat(set.label(set.position("face-7"))).isEqualTo(2);
    }
  }

  /** One-letter names in the order of their hashes. */
  private static List<String> letters(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.valueOf((char) ('a' + i)))
        .sorted(Comparator.comparingLong(SeededHash::of))
        .toList();
  }

  private Path named(String name) throws IOException {
    return Files.write(folder.resolve(name), new byte[] {1, 0, 0, 0, (byte) name.charAt(0)});
  }

  @Test
  void cropsLieInAnyFileInAnyOrder() throws Exception {
    List<String> names = letters(3);
    PackedTrainingSet.Builder builder = new PackedTrainingSet.Builder(0, "");
    names.forEach(name -> builder.add(name, TrainingSet.UNLABELLED));
    for (String name : List.of(names.get(2), names.get(0), names.get(1))) {
      builder.file(named(name));
      builder.place(name, 0, 5, 1);
      builder.place("stranger", 0, 5, 1);
    }
    try (PackedTrainingSet set = builder.build()) {
      assertThat(List.of(set.faceId(0), set.faceId(1), set.faceId(2)))
          .containsExactlyElementsOf(names);
      assertThat(set.identityDigest()).isEqualTo(Optional.of(""));
    }
  }

  @Test
  void aCropMayLieInAnotherFileThanItsName() throws Exception {
    Pixels pixels = new Pixels(1, 1, new byte[] {1, 2, 3});
    byte[] png = FaceEncoder.png(pixels);
    PackedTrainingSet.Builder builder = new PackedTrainingSet.Builder(0, "");
    builder.add("a", TrainingSet.UNLABELLED);
    builder.file(named("a"));
    builder.place("a", 0, 5, 0);
    builder.file(Files.write(folder.resolve("image"), png));
    builder.crop("a", 0, png.length);
    builder.crop("a", 3, 1); // its place is known
    builder.crop("stranger", 0, 1);
    try (PackedTrainingSet set = builder.build()) {
      assertThat(set.faceId(0)).isEqualTo("a");
      assertThat(set.crop(0).bgr()).isEqualTo(pixels.bgr());
    }
  }

  @Test
  void twoFacesOfOneHashAreToldApart() throws Exception {
    List<String> twins = List.of("8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ");
    assertThat(SeededHash.of(twins.get(0))).isEqualTo(SeededHash.of(twins.get(1)));
    PackedTrainingSet.Builder builder = new PackedTrainingSet.Builder(2, "");
    builder.add(twins.get(0), 0);
    builder.add(twins.get(1), 1);
    builder.file(named("of the second"));
    builder.place(twins.get(1), 0, 5, 1);
    builder.file(named("first's"));
    builder.place(twins.get(0), 0, 5, 1);
    try (PackedTrainingSet set = builder.build()) {
      assertThat(set.position(twins.get(0))).isZero();
      assertThat(set.position(twins.get(1))).isEqualTo(1);
      assertThat(set.label(1)).isEqualTo(1);
      assertThat(set.faceId(0)).isEqualTo("f");
      assertThat(set.faceId(1)).isEqualTo("o");
    }
  }

  @Test
  void cropsOutOfOrderOrTwiceOrWithoutAPlaceAreRefused() throws Exception {
    List<String> names = letters(2);
    PackedTrainingSet.Builder builder = new PackedTrainingSet.Builder(0, "");
    builder.add(names.get(1), 0);
    for (String wrong : names) {
      assertThatThrownBy(() -> builder.add(wrong, 0))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "face %s is not behind face %s in the order of their hashes"
                  .formatted(wrong, names.get(1)));
    }
    Path file = named(names.get(0));
    builder.file(file);
    assertThatThrownBy(builder::build)
        .isInstanceOf(DataException.class)
        .hasMessage("1 of 1 crops lie in none of the files [" + file + "]");
  }

  @Test
  void anInterruptedThreadReadsOnAndStaysInterrupted() {
    try (PackedTrainingSet set = PackedCrops.set(folder.resolve("crops"), crops(3))) {
      byte[] before = set.crop(1).bgr();
      Thread.currentThread().interrupt();
      assertThat(set.crop(1).bgr()).isEqualTo(before);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(set.crop(1).bgr()).isEqualTo(before);
    }
  }

  @Test
  void interruptsOfOneTrainingLeaveOthersAndItsOwnThreadsReading() throws Exception {
    Path file = folder.resolve("crops");
    List<TrainingCrop> crops = crops(40);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    ExecutorService readers = Executors.newFixedThreadPool(4);
    try (PackedTrainingSet stopped = PackedCrops.set(file, crops);
        PackedTrainingSet other = PackedCrops.set(file, crops)) {
      List<Thread> threads = new ArrayList<>();
      List<Future<Void>> futures = new ArrayList<>();
      for (PackedTrainingSet set : List.of(stopped, stopped, other, other)) {
        Callable<Void> reading =
            () -> {
              if (set == stopped) {
                synchronized (threads) {
                  threads.add(Thread.currentThread());
                }
              }
              for (int i = 0; !over.get(); i = (i + 1) % crops.size()) {
                int position = set.position(crops.get(i).faceId());
                assertThat(set.crop(position).width()).isEqualTo(16);
                reads.incrementAndGet();
                if (set == other) {
                  assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }
              }
              Thread.interrupted(); // the pool's again
              return null;
            };
        futures.add(readers.submit(reading));
      }
      while (reads.get() < 2000) {
        synchronized (threads) {
          threads.forEach(Thread::interrupt);
        }
        Thread.onSpinWait();
      }
      over.set(true);
      for (Future<Void> future : futures) {
        future.get();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void aFileThatEndsTooEarlyIsNamed() throws Exception {
    Path file = folder.resolve("crops");
    try (PackedTrainingSet set = PackedCrops.set(file, crops(3))) {
      Files.write(file, new byte[] {1, 0, 0, 0});
      assertThatThrownBy(() -> set.crop(2))
          .hasMessageContaining(file.toString())
          .hasMessageContaining("it ends before byte");
    }
  }
}
