package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose bytes changed after the commit are found, set aside, and never served. */
class DamagedArtifactTest {
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final String FILE = "weights.bin";

  @TempDir private Path folder;
  private final MovableClock clock = new MovableClock();

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://sound"})
  void aFlippedByteIsNamedAndTheArtifactIsNotServed(String scheme) throws IOException {
    ArtifactStore store = open(scheme);
    Artifact artifact = commit(store, "run-a");
    Path file = flip(artifact.attachmentUri(FILE));

    String damage = open(scheme).find("distill", "f1").damage().orElseThrow();

    assertThat(damage)
        .startsWith(scheme + file)
        .contains(
            "is damaged: expected SHA-256 " + FileDigests.sha256(bytes("run-a")).substring(0, 12))
        .contains("found SHA-256 " + FileDigests.sha256(Files.readAllBytes(file)).substring(0, 12));
    assertThat(store.committed("distill")).isEmpty();
    assertThat(store.newest("distill", "distill")).isEmpty();
    assertThat(store.damaged("distill")).containsExactly(damage);
  }

  @Test
  void theDigestOfAVersionOfAFileIsComputedOnce() throws IOException {
    Artifact artifact = commit(open(""), "run-a");
    Path file = Path.of(artifact.attachmentUri(FILE));
    FileTime old = FileTime.from(Instant.now().minusSeconds(3600));
    Files.setLastModifiedTime(file, old);
    assertThat(open("").find("distill", "f1").artifact()).isPresent();
    assertThat(Path.of(artifact.uri(), KnownDigests.FILE)).content().contains(FILE);

    flip(file.toString());
    Files.setLastModifiedTime(file, old);
    assertThat(open("").find("distill", "f1").artifact())
        .as("same size and time: it is not read again")
        .isPresent();
    assertThat(StoreCheck.of(folder.toString()).damaged()).as("verify reads every byte").hasSize(1);
    assertThat(open("").find("distill", "f1").damage())
        .as("and what it found is remembered")
        .isPresent();
  }

  @Test
  void aFileChangedJustNowIsReadAgain() throws IOException {
    Artifact artifact = commit(open(""), "run-a");
    Path file = Path.of(artifact.attachmentUri(FILE));
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(file, now);
    assertThat(open("").find("distill", "f1").artifact()).isPresent();
    flip(file.toString());
    Files.setLastModifiedTime(file, now);
    assertThat(open("").find("distill", "f1").damage()).isPresent();
  }

  @Test
  void aSpoiltRecordOfDigestsCostsTimeOnly() throws IOException {
    Artifact artifact = commit(open(""), "run-a");
    Files.writeString(Path.of(artifact.uri(), KnownDigests.FILE), "{\"weights.bin\": {\"by");
    assertThat(open("").find("distill", "f1").artifact()).isPresent();
  }

  @Test
  void whatIsSetAsideStaysAndTheNextAttemptHasItsCheckpoints() throws IOException {
    ArtifactStore store = open("");
    Attempt first = store.begin("distill", "f1");
    first.folder().put("checkpoints/training/step-2", bytes("state"));
    first.folder().put("progress/segment-1", bytes("history"));
    Artifact artifact = store.commit(first, put(store, first, "run-a"));
    flip(artifact.attachmentUri(FILE));

    assertThat(store.setAside("distill", "f1")).containsExactly(artifact.uri());
    assertThat(store.find("distill", "f1")).isEqualTo(open("").find("distill", "nothing"));
    clock.advance(Duration.ofDays(30));
    assertThat(open("").sweep()).isZero();
    assertThat(Path.of(artifact.attachmentUri(FILE))).exists();

    Attempt again = open("").begin("distill", "f1");
    assertThat(again.folder().uri()).isNotEqualTo(artifact.uri());
    assertThat(again.resumed()).isTrue();
    assertThat(again.folder().get("checkpoints/training/step-2")).isEqualTo(bytes("state"));
    assertThat(again.folder().get("progress/segment-1")).isEqualTo(bytes("history"));
  }

  @Test
  void aSoundArtifactIsNotSetAside() throws IOException {
    ArtifactStore store = open("");
    commit(store, "run-a");
    assertThat(store.setAside("distill", "f1")).isEmpty();
    assertThat(store.find("distill", "f1").artifact()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"attempt\": \"attempt-x\"}", "{\"attempt\": \"../x\"}"})
  void aDamagedMarkerLosesNothing(String marker) throws IOException {
    ArtifactStore store = open("");
    Artifact artifact = commit(store, "run-a");
    Files.writeString(folder.resolve("distill/f1/COMMITTED"), marker);
    clock.advance(Duration.ofDays(30));
    assertThat(store.find("distill", "f1").damage()).isPresent();
    assertThat(store.sweep()).isZero();
    assertThat(store.find("distill", "f1").damage()).isEmpty();
    assertThat(Path.of(artifact.attachmentUri(FILE))).exists();
    assertThat(StoreCheck.of(folder.toString() + "/distill/f1").setAside())
        .containsExactly(artifact.uri());
  }

  @Test
  void anArtifactThatListsADamagedFileOfAnotherIsDamagedToo() throws IOException {
    ArtifactStore store = open("");
    Artifact first = StoredArtifacts.commit(store, "ingest", "f1", Map.of());
    StoredArtifacts.commit(store, "ingest", "f2", Map.of(), first);
    flip(first.attachmentUri("out.txt"));
    assertThat(store.damaged("ingest")).hasSize(2).allMatch(d -> d.contains("/f1/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "faulty://sound"})
  void verifyReadsAStoreOrAPartOfIt(String scheme) throws IOException {
    ArtifactStore store = open(scheme);
    Artifact artifact = commit(store, "run-a");
    StoredArtifacts.commit(store, "ingest", "f2", Map.of());
    String root = scheme + folder;
    assertThat(StoreCheck.of(root).artifacts()).isEqualTo(2);
    for (String part :
        List.of("/distill", "/distill/f1", artifact.uri().substring(root.length()))) {
      StoreCheck.Report report = StoreCheck.of(root + part);
      assertThat(report).as(part).isEqualTo(new StoreCheck.Report(1, 1, 5, List.of(), List.of()));
    }
    flip(artifact.attachmentUri(FILE));
    for (String part : List.of("", "/distill", "/distill/f1/")) {
      assertThat(StoreCheck.of(root + part).damaged()).as(part).hasSize(1);
    }
    assertThat(StoreCheck.of(root + "/ingest").damaged()).isEmpty();
    assertThatThrownBy(() -> StoreCheck.of(root + "/nothing"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no artifact is there");
  }

  @Test
  void aFileBesideAManifestThatSaysOtherwiseIsRefused() throws IOException {
    Artifact artifact = commit(open(""), "run-a");
    Path file = Path.of(artifact.attachmentUri(FILE));
    StoredBeside.require(file);
    StoredBeside.require(Path.of(artifact.uri(), "manifest.json"));
    flip(file.toString());
    assertThatThrownBy(() -> StoredBeside.require(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + " is damaged: expected SHA-256 ");
    flip(artifact.uri() + "/manifest.json");
    assertThatThrownBy(() -> StoredBeside.require(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("manifest.json is damaged");
  }

  private ArtifactStore open(String scheme) {
    return ArtifactStore.open(scheme + folder, clock, LEASE);
  }

  private static Artifact commit(ArtifactStore store, String run) throws IOException {
    Attempt attempt = store.begin("distill", "f1");
    return store.commit(attempt, put(store, attempt, run));
  }

  private static Manifest put(ArtifactStore store, Attempt attempt, String run) throws IOException {
    attempt.folder().put(FILE, bytes(run));
    return Manifests.of(
        "distill",
        "f1",
        run,
        new Manifest.Attachment(FILE, store.describe(attempt.folder().uri(FILE))));
  }

  /** Changes one bit of the last byte but one. */
  private static Path flip(String uri) throws IOException {
    Path file = Path.of(uri.replace("faulty://sound", ""));
    byte[] content = Files.readAllBytes(file);
    content[content.length - 2] ^= 1;
    Files.write(file, content);
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
