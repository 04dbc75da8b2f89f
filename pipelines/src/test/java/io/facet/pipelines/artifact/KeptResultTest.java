package io.facet.pipelines.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptResultTest {
  private static final byte[] RESULT = {4, 0, -3};

  @TempDir private Path root;
  private ArtifactStore store;
  private Artifact artifact;

  @BeforeEach
  void fill() throws IOException {
    store = ArtifactStore.open(root.toString());
    artifact = StoredArtifacts.commit(store, "evaluate", "f1", Map.of());
    store.keep(KeptResult.COMPUTED, "evaluate", "key", RESULT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path file() {
    return root.resolve("evaluate").resolve("last-result.bin");
  }

  @Test
  void aResultIsFoundByItsKey() {
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).contains(RESULT);
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "other")).isEmpty();
    assertThat(store.kept(KeptResult.COMPUTED, "distill", "key")).isEmpty();
  }

  @Test
  void anotherResultTakesItsPlace() {
    store.keep(KeptResult.COMPUTED, "evaluate", "other", new byte[0]);
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).isEmpty();
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "other")).contains(new byte[0]);
  }

  @Test
  void noDamagedResultIsServed() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file(), damaged);
      assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).as("byte %d", i).isEmpty();
      Files.write(file(), Arrays.copyOf(whole, i));
      assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).as("cut at %d", i).isEmpty();
    }
    Files.write(file(), whole);
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).contains(RESULT);
  }

  @Test
  void eachKindHasItsOwnFile() {
    assertThat(store.kept(KeptResult.READ, "evaluate", "key")).isEmpty();
    store.keep(KeptResult.READ, "evaluate", "key", new byte[] {1});
    assertThat(store.kept(KeptResult.READ, "evaluate", "key")).contains(new byte[] {1});
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).contains(RESULT);
  }

  @Test
  void nothingIsLeftOfAnArtifactThatGoes() {
    store.keep(KeptResult.READ, "evaluate", "key", RESULT);
    store.remove(artifact);
    assertThat(file()).doesNotExist();
    assertThat(file().resolveSibling("last-read.bin")).doesNotExist();
  }

  @Test
  void aResultThatCannotBeKeptIsNoError() throws IOException {
    Files.delete(file());
    Files.createDirectories(file().resolve("in the way"));
    store.keep(KeptResult.COMPUTED, "evaluate", "key", RESULT);
    assertThat(store.kept(KeptResult.COMPUTED, "evaluate", "key")).isEmpty();
  }
}
