package io.facet.transforms.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptFolderTest {
  @TempDir private Path folder;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void filesComeBackByName() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    attempt.put("plots/loss.png", text("png"));
    attempt.put("weights.safetensors", text("old"));
    attempt.put("weights.safetensors", text("new"));
    assertThat(attempt.get("weights.safetensors")).isEqualTo(text("new"));
    assertThat(attempt.contains("plots/loss.png")).isTrue();
    assertThat(attempt.contains("plots/roc.png")).isFalse();
    assertThat(attempt.list().stream().map(StoredFiles.Listed::name))
        .containsExactly("plots/loss.png", "weights.safetensors");
    assertThatThrownBy(() -> attempt.get("gone")).isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void temporaryFilesAreNotListed() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    Files.createDirectories(folder.resolve("faces/.temp-beam-1"));
    Files.writeString(folder.resolve("faces/.temp-beam-1/x.parquet"), "x");
    Files.writeString(folder.resolve(".lease"), "x");
    assertThat(attempt.list()).isEmpty();
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    for (String name : List.of("../x", "a/../../x", "/etc/x", "", "a//b")) {
      assertThatThrownBy(() -> attempt.put(name, text("x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a name below a folder");
    }
  }

  @Test
  void aRepeatedSegmentReplacesItself() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    attempt.appendProgress(10, text("ten"));
    attempt.appendProgress(2, text("two"));
    attempt.appendProgress(10, text("TEN"));
    assertThat(attempt.progressAfter(-1))
        .extracting(
            segment -> segment.number() + new String(segment.bytes(), StandardCharsets.UTF_8))
        .containsExactly("2two", "10TEN");
    assertThat(attempt.progressAfter(2)).hasSize(1);
    assertThat(attempt.progressAfter(10)).isEmpty();
  }

  @Test
  void readersStopBeforeATornSegment() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    for (int i = 0; i < 3; i++) {
      attempt.appendProgress(i, text("line " + i));
    }
    Path second = folder.resolve("progress/segment-000000000001.sealed");
    byte[] whole = Files.readAllBytes(second);
    Files.write(second, Arrays.copyOf(whole, whole.length - 1));
    assertThat(attempt.progressAfter(-1))
        .extracting(AttemptFolder.Segment::number)
        .containsExactly(0L);
    Files.write(second, whole);
    assertThat(attempt.progressAfter(0)).hasSize(2);
  }

  @Test
  void theLatestCheckpointWins() throws Exception {
    CheckpointStore store = new AttemptFolder(folder.toString()).checkpoints("student");
    assertThat(store.latest()).isEmpty();
    for (int step = 5; step <= 20; step += 5) {
      String content = "step " + step;
      store.save(step, out -> out.write(text(content)));
    }
    assertThat(store.latest().orElseThrow().step()).isEqualTo(20);
    try (InputStream in = store.latest().orElseThrow().source().open()) {
      assertThat(in.readAllBytes()).isEqualTo(text("step 20"));
    }
    try (var files = Files.list(folder.resolve("checkpoints/student"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void aTornCheckpointGivesTheOneBefore() throws Exception {
    CheckpointStore store = new AttemptFolder(folder.toString()).checkpoints("student");
    store.save(5, out -> out.write(text("five")));
    store.save(10, out -> out.write(text("ten")));
    Path latest = folder.resolve("checkpoints/student/step-000000000010.checkpoint");
    byte[] bytes = Files.readAllBytes(latest);
    for (int kept : new int[] {0, 7, bytes.length - 1}) {
      Files.write(latest, Arrays.copyOf(bytes, kept));
      assertThat(store.latest().orElseThrow().step()).as("%d bytes", kept).isEqualTo(5);
    }
    bytes[bytes.length - 1] ^= 1;
    Files.write(latest, bytes);
    assertThat(store.latest().orElseThrow().step()).isEqualTo(5);
  }

  @Test
  void aDamagedCheckpointIsNamedAndSetAside() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    CheckpointStore store = attempt.checkpoints("student");
    store.save(5, out -> out.write(text("five")));
    store.save(10, out -> out.write(text("ten")));
    assertThat(store.setAsideDamaged()).isEmpty();
    Path latest = folder.resolve("checkpoints/student/step-000000000010.checkpoint");
    byte[] bytes = Files.readAllBytes(latest);
    for (int at : new int[] {0, 18, bytes.length - 9}) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1;
      Files.write(latest, flipped);
      assertThat(attempt.damaged()).as("byte %d", at).hasSize(1);
      assertThat(store.setAsideDamaged().get(0))
          .as("byte %d", at)
          .startsWith(latest + " is damaged: expected ")
          .contains(", found ", "; set aside as " + folder.resolve("damaged/student"));
      assertThat(store.latest().orElseThrow().step()).isEqualTo(5);
      assertThat(attempt.damaged()).isEmpty();
    }
    Files.write(latest, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(store.setAsideDamaged()).as("cut short by its writer's death").isEmpty();
  }

  @Test
  void anInterruptDoesNotCutAFileShort() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    Thread.currentThread().interrupt();
    attempt.put("late", text("whole"));
    assertThat(Thread.interrupted()).as("the interrupt stays set").isTrue();
    assertThat(attempt.get("late")).isEqualTo(text("whole"));
  }

  @Test
  void historyThatCannotBeReadIsNotLeftOut() throws Exception {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    for (int i = 0; i < 3; i++) {
      attempt.appendProgress(i, text("line " + i));
    }
    assertThat(attempt.allProgress()).hasSize(3);
    Path second = folder.resolve("progress/segment-000000000001.sealed");
    Files.writeString(second, "x");
    assertThat(attempt.brokenProgress(1)).isEmpty();
    assertThat(attempt.brokenProgress(2)).contains(second.toString());
    assertThatThrownBy(attempt::allProgress)
        .isInstanceOf(DataException.class)
        .hasMessageContaining(second + " is damaged; run again");
  }

  @Test
  void aFullDiskLosesOnlyTheCheckpointBeingWritten() throws Exception {
    CheckpointStore store =
        new AttemptFolder("faulty://full-after-3000-checkpoints" + folder).checkpoints("student");
    store.save(1, out -> out.write(new byte[2000]));
    assertThatThrownBy(() -> store.save(2, out -> out.write(new byte[2000])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    assertThat(store.latest().orElseThrow().step()).isEqualTo(1);
  }

  @Test
  void aReadOnlyFolderIsSaidToBeOne() {
    AttemptFolder attempt = new AttemptFolder("faulty://read-only" + folder);
    assertThatThrownBy(() -> attempt.put("x", text("x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Read-only file system");
  }
}
