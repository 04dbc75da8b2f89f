package io.facet.pipelines.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.train.HistoryPoint;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.train.TrainingProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceProgressTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path folder;
  private AttemptFolder attempt;

  @BeforeEach
  void open() {
    attempt = new AttemptFolder(folder.toString());
  }

  @Test
  void theTimeLeftFollowsThePaceOfTheLastSteps() throws IOException {
    for (int step = 1; step <= 5; step++) {
      log(step, NOON.plusSeconds(2L * step));
    }
    InstanceProgress progress =
        InstanceProgress.read(attempt, NOON, NOON.plusSeconds(11)).orElseThrow();
    assertThat(progress.step()).isEqualTo(5);
    assertThat(progress.totalSteps()).isEqualTo(100);
    assertThat(progress.imagesPerSecond()).contains(50.0);
    assertThat(progress.loss()).contains(0.5);
    assertThat(progress.secondsLeft().orElseThrow()).isCloseTo(189, within(0.01));
  }

  @Test
  void stepsOfAnEarlierTryDoNotCountOnceTheyAreMadeAgain() throws IOException {
    log(30, NOON);
    log(40, NOON.plusSeconds(10));
    log(31, NOON.plusSeconds(100));
    Instant now = NOON.plusSeconds(100);
    assertThat(InstanceProgress.read(attempt, NOON, now).orElseThrow().step()).isEqualTo(31);
    assertThat(InstanceProgress.read(attempt, now, now).orElseThrow().secondsLeft()).isEmpty();
    assertThat(InstanceProgress.read(attempt, now.plusSeconds(1), now.plusSeconds(9))).isEmpty();
  }

  @Test
  void aSegmentThatIsBeingWrittenIsPassedOver() throws IOException {
    log(1, NOON);
    Path torn = log(2, NOON.plusSeconds(2));
    Files.write(torn, new byte[] {1, 2, 3});
    InstanceProgress progress =
        InstanceProgress.read(attempt, NOON, NOON.plusSeconds(3)).orElseThrow();
    assertThat(progress.step()).isEqualTo(1);
    assertThat(progress.secondsLeft()).isEmpty();
  }

  @Test
  void aJobOverImagesIsCountedOverItsTasks() throws IOException {
    for (String task : List.of("0", "1")) {
      attempt.put("work/expected-" + task, "100".getBytes(StandardCharsets.US_ASCII));
      attempt.put("work/done-" + task, "25".getBytes(StandardCharsets.US_ASCII));
    }
    InstanceProgress progress =
        InstanceProgress.read(attempt, NOON, NOON.plusSeconds(10)).orElseThrow();
    assertThat(progress.step()).isEqualTo(50);
    assertThat(progress.totalSteps()).isEqualTo(200);
    assertThat(progress.unit()).isEqualTo("images");
    assertThat(progress.imagesPerSecond()).contains(5.0);
    assertThat(progress.secondsLeft()).contains(30.0);
  }

  @Test
  void withoutSegmentsThereIsNone() throws IOException {
    assertThat(InstanceProgress.read(attempt, NOON, NOON)).isEmpty();
  }

  private Path log(long step, Instant when) throws IOException {
    List<HistoryPoint> points =
        List.of(
            new HistoryPoint(step, 0, "loss/total", 0.5),
            new HistoryPoint(step, 0, "images_per_second", 50));
    attempt.appendProgress(step, new TrainingProgress(step, 100, points, "", false, 0).toBytes());
    Path file = folder.resolve("progress/segment-%012d.sealed".formatted(step));
    return Files.setLastModifiedTime(file, FileTime.from(when));
  }
}
