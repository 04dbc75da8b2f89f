package io.facet.pipelines.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import io.facet.pipelines.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path store;
  private RunRecords records;

  @BeforeEach
  void open() {
    records = new RunRecords(store);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    RunRecord run =
        SampleRuns.begun("a1", "tiny", NOON).ended(RunRecord.State.FAILED, "no faces", NOON);
    records.write(run);
    assertThat(records.all()).containsExactly(run);
  }

  @Test
  void theNewestIsFoundFirst() throws IOException {
    records.write(SampleRuns.begun("a1", "tiny", NOON));
    records.write(SampleRuns.begun("b2", "other", NOON.plusSeconds(60)));
    records.write(SampleRuns.begun("a3", "tiny", NOON.plusSeconds(30)));
    assertThat(records.find(Optional.empty()).run()).isEqualTo("b2");
    assertThat(records.find(Optional.of("tiny")).run()).isEqualTo("a3");
    assertThat(records.find(Optional.of("a1")).run()).isEqualTo("a1");
    assertThatThrownBy(() -> records.find(Optional.of("c")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("none of the 3 runs")
        .hasMessageContaining("the newest is other b2");
  }

  @Test
  void aStoreWithoutRunsSaysSo() {
    assertThatThrownBy(() -> records.find(Optional.empty()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("no run was started with this store");
  }

  @Test
  void damagedRecordsAreLeftOut() throws IOException {
    records.write(SampleRuns.begun("a1", "tiny", NOON));
    Path torn = new RunFolder(store, "b2").record();
    Files.createDirectories(torn.getParent());
    Files.writeString(torn, "{\"run\": \"b2\", ");
    assertThat(records.all()).extracting(RunRecord::run).containsExactly("a1");
  }

  @Test
  void aRunIsAbandonedOnceItsProcessIsGone() {
    assertThat(SampleRuns.begun("a", "tiny", NOON).abandoned(NOON.plusSeconds(999))).isFalse();
    RunRecord orphan = SampleRuns.orphaned("b", "tiny", NOON);
    assertThat(orphan.abandoned(NOON)).isTrue();
    assertThat(orphan.ended(RunRecord.State.KILLED, "", NOON).abandoned(NOON)).isFalse();
  }

  @Test
  void aDriverElsewhereLivesWhileItGivesSigns() {
    RunRecord elsewhere =
        SampleRuns.of("c", "tiny", NOON, new ProcessIdentity("elsewhere.example", 1, 1));
    assertThat(elsewhere.abandoned(NOON.plusSeconds(60))).isFalse();
    assertThat(elsewhere.abandoned(NOON.plus(Duration.ofMinutes(3)))).isTrue();
  }
}
