package io.facet.pipelines.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.file.Locks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightsTest {
  @TempDir Path folder;
  private Nights nights;

  @BeforeEach
  void open() {
    nights = new Nights(folder, "phone");
  }

  @Test
  void oneAtATimeHasTheLock() throws IOException {
    try (Locks.Held held = nights.tryLock().orElseThrow()) {
      assertThat(new Nights(folder, "phone").tryLock()).isEmpty();
      assertThat(nights.holder().orElseThrow().pid()).isEqualTo(ProcessHandle.current().pid());
      try (Locks.Held other = new Nights(folder, "other").tryLock().orElseThrow()) {
        assertThat(other).isNotSameAs(held);
      }
    }
    Optional<Locks.Held> freed = nights.tryLock();
    assertThat(freed).isPresent();
    freed.orElseThrow().close();
  }

  @Test
  void aNightWithoutSummaryIsGoneOnWith() {
    Nights.Begun first = nights.begin();
    assertThat(first.number()).isEqualTo(1);
    assertThat(nights.unfinished()).isTrue();
    assertThat(nights.begin()).isEqualTo(first);
    nights.end(night(first));
    assertThat(nights.unfinished()).isFalse();
    assertThat(nights.begin().number()).isEqualTo(2);
    assertThat(Nights.recipes(folder)).containsExactly("phone");
  }

  @Test
  void summariesComeBackAsTheyWere() {
    Night night = night(nights.begin());
    nights.end(night);
    assertThat(nights.all()).containsExactly(night);
    assertThat(nights.kept()).containsExactly(night);
    nights.expire(night);
    assertThat(nights.kept()).isEmpty();
    assertThat(nights.all()).containsExactly(night);
  }

  @Test
  void peopleReadAFewLines() {
    assertThat(Nights.text(night(nights.begin())))
        .isEqualToNormalizingNewlines(
            """
            night 1 of phone: promoted (exit 0)
            why        better on lfw/accuracy +1.00 [+0.20, +1.80]
            data       120 images (+20)
            stages     1 made, 1 reused, 1 failed or skipped, 12.5 s
            candidate  cakd#1
            champion   cakd#1 (champion 2, 0a1b2c3d)
            cleaned    3 artifacts, 1.2 MB
            MLflow     7 events wait in the outbox
            """);
  }

  private static Night night(Nights.Begun begun) {
    return new Night(
        begun.number(),
        "phone",
        begun.begun(),
        "2026-01-01T00:01:00Z",
        false,
        "promoted",
        "better on lfw/accuracy +1.00 [+0.20, +1.80]",
        0,
        "run",
        Optional.of(120L),
        Optional.of(20L),
        "cakd#1",
        "cakd#1 (champion 2, 0a1b2c3d)",
        List.of(
            new Night.Part("ingest", "ingest", "a", "cached", 0),
            new Night.Part("align", "align", "b", "made", 1),
            new Night.Part("publish", "publish", "c", "skipped", 0)),
        3,
        1_200_000,
        7,
        12.5);
  }
}
