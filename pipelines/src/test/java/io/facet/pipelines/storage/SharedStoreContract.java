package io.facet.pipelines.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.MovableClock;
import io.facet.pipelines.artifact.PutIfAbsent;
import io.facet.pipelines.artifact.StoredArtifacts;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every shared storage must do, whatever serves it. */
public abstract class SharedStoreContract {
  private static final Duration LEASE = Duration.ofMinutes(2);

  private final String name = UUID.randomUUID().toString();

  /** A place that may be written. */
  protected abstract String place();

  /** A folder of this test alone. */
  protected final String root() {
    return place() + "/" + name;
  }

  @Test
  void filesAreWrittenReplacedReadInPartListedAndDeleted() throws IOException {
    String file = root() + "/a/b [1] ü.txt";
    assertThat(StoredFiles.exists(file)).isFalse();
    assertThatThrownBy(() -> StoredFiles.read(file)).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> StoredFiles.stat(file)).isInstanceOf(FileNotFoundException.class);
    assertThat(StoredFiles.list(root())).isEmpty();

    StoredFiles.write(file, bytes("first"));
    StoredFiles.write(file, bytes("second"));
    StoredFiles.write(root() + "/a/empty", new byte[0]);
    StoredFiles.write(root() + "/a/.hidden", bytes("x"));
    StoredFiles.write(root() + "/ab", bytes("beside"));

    assertThat(StoredFiles.read(file)).isEqualTo(bytes("second"));
    assertThat(StoredFiles.read(file, 3)).isEqualTo(bytes("sec"));
    assertThat(StoredFiles.read(root() + "/a/empty", 3)).isEmpty();
    assertThat(StoredFiles.stat(file).size()).isEqualTo(6);
    assertThat(StoredFiles.list(root() + "/a"))
        .extracting(StoredFiles.Listed::name)
        .containsExactly("b [1] ü.txt", "empty");
    assertThat(StoredFiles.list(root() + "/a").get(0).uri()).isEqualTo(file);

    StoredFiles.delete(List.of(file, root() + "/never"));
    assertThat(StoredFiles.exists(file)).isFalse();
  }

  @Test
  void ofManyConditionalPutsOneWins() throws Exception {
    String uri = root() + "/COMMITTED";
    PutIfAbsent putIfAbsent = PutIfAbsent.forUri(uri);
    CountDownLatch ready = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> puts = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        byte[] bytes = bytes("writer " + writer);
        Callable<Boolean> put =
            () -> {
              ready.await();
              return putIfAbsent.put(uri, bytes);
            };
        puts.add(threads.submit(put));
      }
      ready.countDown();
      List<Integer> winners = new ArrayList<>();
      for (int writer = 0; writer < puts.size(); writer++) {
        if (puts.get(writer).get()) {
          winners.add(writer);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(StoredFiles.read(uri)).isEqualTo(bytes("writer " + winners.get(0)));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aCommittedArtifactIsFoundAndItsFilesAreChecked() throws IOException {
    try (ArtifactStore store = ArtifactStore.open(root())) {
      Artifact artifact = StoredArtifacts.commit(store, "align", "f1", Map.of());
      assertThat(store.folders("")).containsExactly("align");
      assertThat(store.find("align", "f1").artifact().orElseThrow().manifest())
          .isEqualTo(artifact.manifest());
      assertThat(store.committed("align")).hasSize(1);

      StoredFiles.write(artifact.uri() + "/out.txt", bytes("damaged"));
      assertThat(store.find("align", "f1").damage().orElseThrow()).contains("out.txt is damaged");
      assertThat(store.setAside("align", "f1")).containsExactly(artifact.uri());
      assertThat(store.find("align", "f1").artifact()).isEmpty();
    }
  }

  @Test
  void anAbandonedAttemptIsTakenOverWithItsCheckpointsAndOthersAreSwept() throws IOException {
    MovableClock clock = new MovableClock();
    try (ArtifactStore dead = ArtifactStore.open(root(), clock, LEASE);
        ArtifactStore store = ArtifactStore.open(root(), clock, LEASE)) {
      Attempt plain = dead.begin("align", "f1");
      plain.folder().put("part.txt", bytes("half"));
      Attempt training = dead.begin("distill", "f2");
      training.folder().checkpoints("run").save(4, out -> out.write(bytes("step 4")));
      training.folder().checkpoints("run").save(6, out -> out.write(bytes("step 6")));
      training.folder().checkpoints("run").save(8, out -> out.write(bytes("step 8")));
      assertThat(store.busy()).isTrue();
      assertThat(store.sweep()).as("both are alive").isZero();
      dead.close();

      clock.advance(LEASE.plusSeconds(1));
      Attempt next = store.begin("distill", "f2");
      assertThat(next.resumed()).isTrue();
      assertThat(next.folder()).isEqualTo(training.folder());
      try (InputStream in =
          next.folder().checkpoints("run").latest().orElseThrow().source().open()) {
        assertThat(in.readAllBytes()).isEqualTo(bytes("step 8"));
      }
      assertThat(StoredFiles.list(next.folder().uri("checkpoints/run"))).hasSize(2);
      assertThat(store.sweep()).as("the one without checkpoints").isEqualTo(1);
      assertThat(StoredFiles.list(plain.folder().uri())).isEmpty();
      assertThat(store.folders("align/f1")).isEmpty();
    }
  }

  @Test
  void theFirstOfTwoCommitsWinsAndTheOtherAttemptGoes() throws IOException {
    try (ArtifactStore store = ArtifactStore.open(root());
        ArtifactStore other = ArtifactStore.open(root())) {
      Attempt late = store.begin("align", "f1");
      Artifact first = StoredArtifacts.commit(other, "align", "f1", Map.of());
      Artifact returned = store.commit(late, first.manifest());
      assertThat(returned.uri()).isEqualTo(first.uri());
      assertThat(StoredFiles.list(late.folder().uri())).isEmpty();
      assertThat(store.folders("align/f1")).hasSize(1);
      store.remove(returned);
      assertThat(StoredFiles.list(root() + "/align")).isEmpty();
    }
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
