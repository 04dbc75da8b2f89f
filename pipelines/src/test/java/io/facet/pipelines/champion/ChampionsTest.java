package io.facet.pipelines.champion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.DataException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.champion.Champion.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChampionsTest {
  @TempDir Path folder;
  private ArtifactStore store;
  private Champions champions;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void open() {
    store = ArtifactStore.open(folder.toString());
    champions = new Champions(store, "phone");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aStoreBeginsWithoutChampion() {
    assertThat(champions.current()).isEmpty();
    assertThat(champions.candidate()).isEmpty();
    assertThat(Champions.models(store)).isEmpty();
    assertThatThrownBy(() -> champions.rollBack(""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no champion");
  }

  @Test
  void championsFollowOneAnotherAndAreKept() throws IOException {
    promote("a");
    promote("b");
    assertThat(champions.current().orElseThrow().describe())
        .isEqualTo("b#1 (champion 2, bbbbbbbb)");
    assertThat(champions.history()).extracting(Champion::student).containsExactly("a#1", "b#1");
    assertThat(champions.history())
        .extracting(Champion::action)
        .containsExactly(Action.FIRST, Action.PROMOTED);
    assertThat(Champions.models(store)).containsExactly("phone");
  }

  @Test
  void ofTwoWhoPromoteAtOnceOneIsTold() throws IOException {
    promote("a");
    Optional<Champion> seen = champions.current();
    champions.promote(candidate("b"), seen, Action.PROMOTED, "better", "");
    assertThatThrownBy(() -> champions.promote(candidate("c"), seen, Action.PROMOTED, "better", ""))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("got another champion at the same time");
    assertThat(champions.current().orElseThrow().student()).isEqualTo("b#1");
  }

  @Test
  void rollingBackTwiceGoesBackTwice() throws IOException {
    promote("a");
    promote("b");
    promote("c");
    assertThat(champions.rollBack("blurs").student()).isEqualTo("b#1");
    assertThat(champions.gate().rolledBack()).containsExactly(digest("c"));
    assertThat(champions.rollBack("").student()).isEqualTo("a#1");
    assertThat(champions.current().orElseThrow().action()).isEqualTo(Action.ROLLED_BACK);
    assertThatThrownBy(() -> champions.rollBack(""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("had no champion before a#1");
    assertThat(champions.gate().rolledBack()).containsExactly(digest("b"), digest("c"));
    promote("c");
    assertThat(champions.gate().rolledBack()).containsExactly(digest("b"));
    assertThat(champions.rollBack("").student()).isEqualTo("a#1");
    assertThat(champions.history()).hasSize(7);
  }

  @Test
  void aChampionWhoseFilesAreGoneCannotComeBack() throws IOException {
    promote("a");
    promote("b");
    store.remove(store.find("publish", "publish-a").artifact().orElseThrow());
    assertThatThrownBy(() -> champions.rollBack(""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the files of a#1 (champion 1, aaaaaaaa) are no more");
  }

  @Test
  void theNewestCandidateCounts() {
    champions.propose(candidate("a"));
    champions.propose(candidate("a"));
    champions.propose(candidate("b"));
    assertThat(champions.candidate().orElseThrow().student()).isEqualTo("b#1");
    assertThat(Champions.models(store)).containsExactly("phone");
  }

  private void promote(String name) throws IOException {
    publish("publish-" + name);
    Optional<Champion> before = champions.current();
    champions.promote(
        candidate(name), before, before.isEmpty() ? Action.FIRST : Action.PROMOTED, "better", "");
  }

  private static Candidate candidate(String name) {
    return new Candidate(
        "phone",
        name + "#1",
        "publish-" + name,
        new Manifest.DataFile("publish/x", 1, digest(name)),
        "run");
  }

  private static String digest(String name) {
    return name.repeat(64);
  }

  private void publish(String fingerprint) throws IOException {
    if (store.find("publish", fingerprint).artifact().isPresent()) {
      return;
    }
    Attempt attempt = store.begin("publish", fingerprint);
    attempt.folder().put("student", fingerprint.getBytes(StandardCharsets.UTF_8));
    store.commit(
        attempt,
        new Manifest(
            Manifest.FORMAT,
            "publish",
            "publish",
            fingerprint,
            Map.of(),
            Map.of(),
            JsonNodeFactory.instance.objectNode(),
            List.of(),
            List.of(
                new Manifest.Attachment(
                    "student", store.describe(attempt.folder().uri("student")))),
            Map.of(),
            "unknown",
            1,
            Map.of(),
            Map.of("model", "x"),
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:01:00Z",
            "run"));
  }
}
