package io.facet.transforms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.train.HistoryPoint;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressListenerTest {
  @TempDir private Path folder;

  @Test
  void aCheckpointFollowsTheHistoryAndTheAlarmsOfItsStep() throws IOException {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    ProgressListener listener = new ProgressListener(attempt);
    listener.logged(10, 30, List.of(new HistoryPoint(10, 1, "loss/total", 0.5)));
    for (int alarm = 0; alarm < 20; alarm++) {
      listener.warned(10, "alarm " + alarm);
    }
    listener.checkpointed(10);
    listener.logged(11, 30, List.of(new HistoryPoint(11, 1, "loss/total", 0.4)));
    List<TrainingProgress> read =
        attempt.progressAfter(-1).stream()
            .map(segment -> TrainingProgress.parse(segment.bytes()))
            .toList();
    assertThat(read).extracting(TrainingProgress::step).endsWith(10L, 11L).contains(10L);
    assertThat(read.get(0).points()).hasSize(1);
    assertThat(read.get(1).warning()).isEqualTo("alarm 0");
    assertThat(read.get(read.size() - 3).warning()).isEqualTo("alarm 19");
    TrainingProgress saved = read.get(read.size() - 2);
    assertThat(saved.checkpoint()).isTrue();
    assertThat(saved.points()).isEmpty();
    assertThat(read).filteredOn(TrainingProgress::checkpoint).containsExactly(saved);
  }

  @Test
  void aCheckpointAfterHistoryThatCannotBeReadIsSetAside() throws IOException {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    ProgressListener listener = new ProgressListener(attempt);
    HistoryCheckpoints checkpoints = new HistoryCheckpoints(attempt, "training");
    for (int step = 1; step <= 4; step++) {
      listener.logged(step, 9, List.of(new HistoryPoint(step, 0, "loss/total", 0.5)));
      if (step % 2 == 0) {
        checkpoints.save(step, out -> out.write(1));
        listener.checkpointed(step);
      }
    }
    assertThat(checkpoints.setAsideDamaged()).isEmpty();
    Path third = folder.resolve("progress/segment-%012d.sealed".formatted(3 * 8));
    Files.writeString(third, "x");
    assertThat(checkpoints.setAsideDamaged().get(0))
        .startsWith(third + " is damaged: the checkpoint of step 4 is set aside as ");
    assertThat(checkpoints.latest().orElseThrow().step()).isEqualTo(2);
  }

  @Test
  void aResumedTrainingLeavesWhereItGoesOnAndWhatItsWriterHadNoTimeToTell() throws IOException {
    AttemptFolder attempt = new AttemptFolder(folder.toString());
    Files.createDirectories(folder.resolve("progress"));
    Path told = folder.resolve("progress/segment-%012d.sealed".formatted(70 * 8 + 7));
    Files.writeString(told, "half");
    new ProgressListener(attempt).resumed(70, 600, List.of("a checkpoint is damaged"));
    TrainingResume resume = TrainingResume.read(attempt).orElseThrow();
    assertThat(resume.step()).isEqualTo(70);
    assertThat(resume.totalSteps()).isEqualTo(600);
    assertThat(resume.damaged()).containsExactly("a checkpoint is damaged");
    assertThat(attempt.brokenProgress(Long.MAX_VALUE)).isEmpty();
  }
}
