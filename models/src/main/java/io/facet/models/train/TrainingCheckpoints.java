package io.facet.models.train;

import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.checkpoint.CheckpointClock;
import io.facet.models.train.checkpoint.CheckpointSaver;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.checkpoint.TableRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/**
 * The checkpoints of one run: when one is due, and the way there and back. They are saved beside
 * the steps that follow, until something is to be told of these: a reader of what was told sees it
 * in the order of the steps.
 */
final class TrainingCheckpoints implements AutoCloseable {
  private final TrainingSetup setup;
  private final LossMeans means;
  private final BiFunction<Long, String, NonFiniteLossException> notFinite;
  private final CheckpointClock clock;
  private final Optional<CheckpointSaver> saver;
  private long begunStep = -1;
  private long savedStep = -1;

  /**
   * The checkpoints of a run.
   *
   * @param means saved and restored with it
   * @param notFinite the error for a step and a quantity that is not finite after it
   */
  TrainingCheckpoints(
      TrainingSetup setup,
      LossMeans means,
      BiFunction<Long, String, NonFiniteLossException> notFinite) {
    this.setup = setup;
    this.means = means;
    this.notFinite = notFinite;
    this.clock = CheckpointClock.start(setup.options().checkpointMinutes(), System::nanoTime);
    this.saver = setup.checkpoints().map(CheckpointSaver::new);
  }

  /** Step of the last one that was saved, -1 without any. */
  long savedStep() {
    return savedStep;
  }

  /** Whether so many steps or minutes have gone by, or training is over. */
  boolean due(TrainingState state) {
    return state.step() % setup.options().checkpointEvery() == 0 || state.finished() || clock.due();
  }

  /**
   * Begins to save the state.
   *
   * @param last line of history
   * @throws NonFiniteLossException if a weight is NaN or infinite
   */
  void begin(TrainingState state, List<HistoryPoint> last) throws IOException {
    if (state.step() == begunStep) {
      return;
    }
    settle(); // before another copy of the weights is made
    Checkpoint checkpoint = state.checkpoint(means.state(), last);
    Optional<String> broken = checkpoint.notFinite();
    if (broken.isPresent()) {
      throw notFinite.apply(state.step(), "weights " + broken.get());
    }
    begunStep = state.step();
    if (saver.isPresent()) {
      saver
          .get()
          .begin(
              state.step(),
              out -> checkpoint.write(out, finite(checkpoint.step(), state.tables())));
      clock.saved();
      if (state.hasTables()) {
        settle(); // they are written as they are, not as they were
      }
    }
  }

  /** Waits for the checkpoint that is being saved, and tells of it. */
  void settle() throws IOException {
    if (saver.isPresent()) {
      OptionalLong step = saver.get().settle();
      if (step.isPresent()) {
        savedStep = step.getAsLong();
        setup.listener().checkpointed(savedStep);
      }
    }
  }

  /** The same pieces; an error at the first number that is not finite. */
  private Iterator<TableRows> finite(long step, Iterator<TableRows> pieces) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pieces.hasNext();
      }

      @Override
      public TableRows next() {
        TableRows piece = pieces.next();
        if (!Checkpoint.finite(piece.values())) {
          throw notFinite.apply(step, "class weights or their " + piece.table());
        }
        return piece;
      }
    };
  }

  /** Goes back to the latest checkpoint and returns its line of history; empty without one. */
  Optional<List<HistoryPoint>> resume(TrainingState state) throws IOException {
    if (setup.checkpoints().isEmpty()) {
      return Optional.empty();
    }
    List<String> damaged = setup.checkpoints().get().setAsideDamaged();
    Optional<CheckpointStore.Saved> saved = setup.checkpoints().get().latest();
    Optional<List<HistoryPoint>> last =
        saved.isPresent() ? Optional.of(read(saved.get(), state)) : Optional.empty();
    if (saved.isPresent() || !damaged.isEmpty()) {
      setup.listener().resumed(Math.max(0, savedStep), state.totalSteps(), damaged);
    }
    return last;
  }

  private List<HistoryPoint> read(CheckpointStore.Saved saved, TrainingState state)
      throws IOException {
    AtomicReference<List<HistoryPoint>> last = new AtomicReference<>();
    try (InputStream in = saved.source().open()) {
      Checkpoint.read(
          in,
          checkpoint -> {
            last.set(state.restore(checkpoint));
            means.restore(Checkpoint.below(checkpoint.numbers(), TrainingState.MEANS));
            savedStep = checkpoint.step();
            begunStep = savedStep;
          },
          state::restore);
    }
    return last.get();
  }

  @Override
  public void close() throws IOException {
    if (saver.isPresent()) {
      saver.get().close();
    }
  }
}
