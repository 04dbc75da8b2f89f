package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration LONGER = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private MovableClock clock;
  private ArtifactStore store;

  @BeforeEach
  void open() {
    clock = new MovableClock();
    store = open(clock);
  }

  @Test
  void findsNothingUntilCommittedAndTheWholeArtifactAfter() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    Manifest manifest = put(store, attempt, "run-a");
    assertThat(store.find("align", "f1").artifact()).isEmpty();

    Artifact committed = store.commit(attempt, manifest);

    Artifact found = open(new MovableClock()).find("align", "f1").artifact().orElseThrow();
    assertThat(found.uri()).isEqualTo(committed.uri());
    assertThat(found.manifest()).isEqualTo(manifest);
    assertThat(found.attachment("weights.bin")).isEqualTo(bytes("run-a"));
    assertThat(found.manifest().attachment("weights.bin").orElseThrow().file().uri())
        .as("relative, so that a store can be moved")
        .startsWith("align/f1/attempt-");
  }

  @Test
  void aMovedStoreStillServesItsArtifacts() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    store.commit(attempt, put(store, attempt, "run-a"));
    Path moved = folder.resolveSibling("moved-" + folder.getFileName());
    Files.move(folder, moved);
    try (ArtifactStore elsewhere = ArtifactStore.open(moved.toString())) {
      Artifact artifact = elsewhere.find("align", "f1").artifact().orElseThrow();
      assertThat(artifact.attachment("weights.bin")).isEqualTo(bytes("run-a"));
    } finally {
      Files.move(moved, folder);
    }
  }

  @Test
  void theFirstOfTwoCommitsWinsAndTheOtherAttemptGoes() throws IOException {
    ArtifactStore other = open(clock);
    Attempt ours = store.begin("align", "f1");
    Attempt theirs = other.begin("align", "f1");
    assertThat(theirs.folder().uri()).isNotEqualTo(ours.folder().uri());

    Manifest late = put(store, ours, "run-a");
    other.commit(theirs, put(other, theirs, "run-b"));
    Artifact result = store.commit(ours, late);

    assertThat(result.manifest().originRun()).isEqualTo("run-b");
    assertThat(Path.of(ours.folder().uri())).doesNotExist();
    assertThat(store.find("align", "f1").artifact().orElseThrow().manifest().originRun())
        .isEqualTo("run-b");
  }

  @Test
  void aLiveAttemptIsNeitherSweptNorTakenOver() throws IOException {
    Attempt live = store.begin("distill", "f1");
    checkpoint(live);
    ArtifactStore other = open(clock);
    assertThat(other.sweep()).isZero();
    assertThat(other.begin("distill", "f1").folder()).isNotEqualTo(live.folder());
    assertThat(live.folder().contains("checkpoints/main/0")).isTrue();
  }

  @Test
  void anExpiredAttemptWithCheckpointsIsTakenOverAndItsOldHolderCannotCommit() throws IOException {
    Attempt sleeping = store.begin("distill", "f1");
    checkpoint(sleeping);
    Manifest manifest = put(store, sleeping, "run-a");
    clock.advance(LONGER);

    ArtifactStore other = open(clock);
    Attempt taken = other.begin("distill", "f1");

    assertThat(taken.resumed()).isTrue();
    assertThat(taken.folder()).isEqualTo(sleeping.folder());
    assertThatThrownBy(() -> store.commit(sleeping, manifest))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("taken over by another run");
    assertThat(other.commit(taken, put(other, taken, "run-b")).manifest().originRun())
        .isEqualTo("run-b");
  }

  @Test
  void anAbandonedAttemptIsResumedAtOnce() throws IOException {
    Attempt first = store.begin("distill", "f1");
    checkpoint(first);
    store.abandon(first);
    assertThat(open(clock).begin("distill", "f1").folder()).isEqualTo(first.folder());
  }

  @Test
  void theLeaseOfADeadProcessOfThisMachineCountsForNothing() throws IOException {
    Attempt attempt = store.begin("distill", "f1");
    checkpoint(attempt);
    Path lease = Path.of(attempt.folder().uri("lease/000001.json"));
    Lease ours = Lease.parse(Files.readString(lease));
    ProcessIdentity self = ours.holder();
    ProcessIdentity gone = new ProcessIdentity(self.host(), self.pid(), self.started() + 1);
    Lease dead = new Lease("x", gone, ours.expires());
    Files.writeString(lease, dead.json());
    assertThat(open(clock).begin("distill", "f1").resumed()).isTrue();
  }

  @Test
  void expiredAttemptsWithoutCheckpointsAreSwept() throws IOException {
    Attempt abandoned = store.begin("align", "f1");
    abandoned.folder().put("faces/part-0.parquet", bytes("half"));
    clock.advance(LONGER);
    assertThat(open(clock).sweep()).isEqualTo(1);
    assertThat(Path.of(abandoned.folder().uri())).doesNotExist();
  }

  @Test
  void theCommittedAttemptIsNeverSwept() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    store.commit(attempt, put(store, attempt, "run-a"));
    clock.advance(Duration.ofDays(400));
    assertThat(open(clock).sweep()).isZero();
    assertThat(store.find("align", "f1").artifact()).isPresent();
  }

  @Test
  void renewedLeasesOutliveTheirTime() throws IOException {
    MovableClock shortClock = new MovableClock();
    ArtifactStore quick = ArtifactStore.open(folder.toString(), shortClock, Duration.ofMillis(40));
    Attempt attempt = quick.begin("align", "f1");
    long before = attempt.lease().expires();
    shortClock.advance(Duration.ofMillis(30));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> attempt.lease().expires() > before);
    quick.close();
    assertThat(open(shortClock).sweep()).isZero();
  }

  @Test
  void aMissingOrShortenedFileIsDamageAndCanBeMadeAgain() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    Artifact artifact = store.commit(attempt, put(store, attempt, "run-a"));
    Files.writeString(Path.of(artifact.attachmentUri("weights.bin")), "x");
    assertThat(store.find("align", "f1").damage().orElseThrow())
        .endsWith("weights.bin is damaged: expected 5 bytes, found 1 bytes");
    Files.delete(Path.of(artifact.attachmentUri("weights.bin")));
    assertThat(store.find("align", "f1").artifact()).isEmpty();
    assertThat(store.find("align", "f1").damage().orElseThrow())
        .endsWith("weights.bin is damaged: expected 5 bytes, found no file");

    assertThat(store.setAside("align", "f1")).containsExactly(artifact.uri());
    Attempt again = store.begin("align", "f1");
    store.commit(again, put(store, again, "run-b"));
    assertThat(store.find("align", "f1").artifact()).isPresent();
  }

  @Test
  void aChangedManifestIsDamage() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    Artifact artifact = store.commit(attempt, put(store, attempt, "run-a"));
    Path manifest = Path.of(artifact.uri(), "manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("run-a", "run-z"));
    assertThat(store.find("align", "f1").damage().orElseThrow())
        .contains("manifest.json is damaged: expected SHA-256 ");
  }

  @Test
  void refusesToCommitAnAttemptThatLacksAFile() throws IOException {
    Attempt attempt = store.begin("align", "f1");
    Manifest manifest = put(store, attempt, "run-a");
    Files.delete(Path.of(attempt.folder().uri("weights.bin")));
    assertThatThrownBy(() -> store.commit(attempt, manifest)).hasMessageContaining("found no file");
    assertThat(store.find("align", "f1").artifact()).isEmpty();
  }

  @Test
  void listsCommittedArtifactsOfAStage() throws IOException {
    for (String fingerprint : List.of("f1", "f2")) {
      Attempt attempt = store.begin("align", fingerprint);
      store.commit(attempt, put(store, attempt, "run-" + fingerprint));
    }
    assertThat(store.committed("align"))
        .extracting(artifact -> artifact.manifest().fingerprint())
        .containsExactlyInAnyOrder("f1", "f2");
    assertThat(store.committed("nothing")).isEmpty();
  }

  @Test
  void refusesStoresThatHaveNoPutIfAbsent() {
    assertThatThrownBy(() -> ArtifactStore.open("gs://bucket/store"))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("put-if-absent")
        .hasMessageContaining(", not for 'gs'");
  }

  @Test
  void refusesStoresWhosePathBeamTakesForAPattern() {
    assertThatThrownBy(() -> ArtifactStore.open(folder.resolve("a[1]").toString()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("must be a folder whose path holds none of");
  }

  private ArtifactStore open(MovableClock at) {
    return ArtifactStore.open(folder.toString(), at, LEASE);
  }

  private static Manifest put(ArtifactStore store, Attempt attempt, String run) throws IOException {
    attempt.folder().put("weights.bin", bytes(run));
    return Manifests.of(
        attempt.stage(),
        attempt.fingerprint(),
        run,
        new Manifest.Attachment(
            "weights.bin", store.describe(attempt.folder().uri("weights.bin"))));
  }

  private static void checkpoint(Attempt attempt) throws IOException {
    attempt.folder().put("checkpoints/main/0", bytes("state"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
