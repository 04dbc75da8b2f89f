package io.facet.models.train;

import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.checkpoint.CheckpointClock;
import io.facet.models.train.checkpoint.CheckpointSaver;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.checkpoint.TableRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The checkpoints of one run: when one is due, and the way there and back. They are saved beside
 * the steps that follow. What is to be told of these waits until the checkpoint is told: a listener
 * hears everything in the order of the steps.
 */
final class TrainingCheckpoints implements AutoCloseable {
  private final TrainingSetup setup;
  private final LossMeans means;
  private final LongFunction<Function<String, NonFiniteLossException>> notFinite;
  private final CheckpointClock clock;
  private final Optional<CheckpointSaver> saver;
  private final Queue<Consumer<TrainingListener>> untold = new ArrayDeque<>();
  private long begunStep = -1;
  private long savedStep = -1;

  /**
   * The checkpoints of a run.
   *
   * @param means saved and restored with it
   * @param notFinite the error for the step just done, of a quantity that is not finite after it
   */
  TrainingCheckpoints(
      TrainingSetup setup,
      LossMeans means,
      LongFunction<Function<String, NonFiniteLossException>> notFinite) {
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
    Function<String, NonFiniteLossException> error = notFinite.apply(state.step());
    Optional<String> broken = checkpoint.notFinite();
    if (broken.isPresent()) {
      throw error.apply("weights " + broken.get());
    }
    begunStep = state.step();
    if (saver.isPresent()) {
      Optional<TableSnapshot> tables = state.head().snapshot();
      saver
          .get()
          .begin(
              begunStep,
              out ->
                  checkpoint.write(
                      out,
                      tables
                          .map(rows -> finite(rows.read(), error))
                          .orElse(Collections.emptyIterator())),
              () -> tables.ifPresent(TableSnapshot::close));
      clock.saved();
    }
  }

  /** Tells the listener something of the step just done, after the checkpoint before it. */
  void tell(Consumer<TrainingListener> news) throws IOException {
    untold.add(news);
    look();
  }

  /**
   * Tells what is to be told if no checkpoint is being saved at this moment.
   *
   * @throws IOException if the last one could not be saved
   */
  void look() throws IOException {
    if (saver.isEmpty() || !saver.get().saving()) {
      settle();
    }
  }

  /** Waits for the checkpoint that is being saved, and tells of it and what came after it. */
  void settle() throws IOException {
    try {
      if (saver.isPresent()) {
        OptionalLong step = saver.get().settle();
        if (step.isPresent()) {
          savedStep = step.getAsLong();
          setup.listener().checkpointed(savedStep);
        }
      }
      for (Consumer<TrainingListener> news = untold.poll(); news != null; news = untold.poll()) {
        news.accept(setup.listener());
      }
    } finally {
      untold.clear(); // after an error nothing is told
    }
  }

  /** The same pieces; an error at the first number that is not finite. */
  private static Iterator<TableRows> finite(
      Iterator<TableRows> pieces, Function<String, NonFiniteLossException> error) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pieces.hasNext();
      }

      @Override
      public TableRows next() {
        TableRows piece = pieces.next();
        if (!Checkpoint.finite(piece.values())) {
          throw error.apply("class weights or their " + piece.table());
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
          state.head()::restore);
    }
    return last.get();
  }

  /** Waits as {@link #settle} does. */
  @Override
  public void close() throws IOException {
    if (saver.isPresent()) {
      try (CheckpointSaver closing = saver.get()) {
        settle();
      }
    }
  }
}
