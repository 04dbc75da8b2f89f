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

class LastResultTest {
  private static final byte[] RESULT = {4, 0, -3};

  @TempDir private Path root;
  private ArtifactStore store;
  private Artifact artifact;

  @BeforeEach
  void fill() throws IOException {
    store = ArtifactStore.open(root.toString());
    artifact = StoredArtifacts.commit(store, "evaluate", "f1", Map.of());
    store.keepResult("evaluate", "key", RESULT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path file() {
    return root.resolve("evaluate").resolve(LastResult.FILE);
  }

  @Test
  void aResultIsFoundByItsKey() {
    assertThat(store.lastResult("evaluate", "key")).contains(RESULT);
    assertThat(store.lastResult("evaluate", "other")).isEmpty();
    assertThat(store.lastResult("distill", "key")).isEmpty();
  }

  @Test
  void anotherResultTakesItsPlace() {
    store.keepResult("evaluate", "other", new byte[0]);
    assertThat(store.lastResult("evaluate", "key")).isEmpty();
    assertThat(store.lastResult("evaluate", "other")).contains(new byte[0]);
  }

  @Test
  void noDamagedResultIsServed() throws IOException {
    byte[] whole = Files.readAllBytes(file());
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file(), damaged);
      assertThat(store.lastResult("evaluate", "key")).as("byte %d", i).isEmpty();
      Files.write(file(), Arrays.copyOf(whole, i));
      assertThat(store.lastResult("evaluate", "key")).as("cut at %d", i).isEmpty();
    }
    Files.write(file(), whole);
    assertThat(store.lastResult("evaluate", "key")).contains(RESULT);
  }

  @Test
  void nothingIsLeftOfAnArtifactThatGoes() {
    store.remove(artifact);
    assertThat(file()).doesNotExist();
  }

  @Test
  void aResultThatCannotBeKeptIsNoError() throws IOException {
    Files.delete(file());
    Files.createDirectories(file().resolve("in the way"));
    store.keepResult("evaluate", "key", RESULT);
    assertThat(store.lastResult("evaluate", "key")).isEmpty();
  }
}
