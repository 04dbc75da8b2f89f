package io.facet.transforms.train;

import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checkpoints of an attempt that count as long as the history before them can be read: a resumed
 * run does not write it again.
 *
 * @param attempt the folder
 * @param name of the training run
 */
record HistoryCheckpoints(AttemptFolder attempt, String name) implements CheckpointStore {
  @Override
  public void save(long step, Content checkpoint) throws IOException {
    attempt.checkpoints(name).save(step, checkpoint);
  }

  @Override
  public Optional<Saved> latest() throws IOException {
    return attempt.checkpoints(name).latest();
  }

  @Override
  public List<String> setAsideDamaged() throws IOException {
    List<String> found = new ArrayList<>(attempt.checkpoints(name).setAsideDamaged());
    for (Optional<Saved> saved = latest(); saved.isPresent(); saved = latest()) {
      long step = saved.get().step();
      Optional<String> broken = attempt.brokenProgress(ProgressListener.firstWrittenAgain(step));
      if (broken.isEmpty()) {
        break;
      }
      found.add(
          "%s is damaged: the checkpoint of step %d is set aside as %s"
              .formatted(broken.get(), step, attempt.setCheckpointAside(name, step)));
    }
    return found;
  }
}
