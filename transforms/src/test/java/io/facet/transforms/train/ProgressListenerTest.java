package io.facet.transforms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.train.HistoryPoint;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
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
}
