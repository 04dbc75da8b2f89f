package io.facet.models.train.schedule;

import io.facet.models.option.Selected;
import io.facet.models.train.schedule.Schedule.Span;

/** The learning rate of every step of one run: linear warm-up, then the schedule. */
public final class LearningRate {
  private final Schedule<Record> schedule;
  private final Record options;
  private final Span span;
  private final double warmUpStart;

  /**
   * @param warmUpStart rate of the first step of the warm-up as a share of the base rate
   */
  public LearningRate(Selected<? extends Schedule<?>> selected, Span span, double warmUpStart) {
    this(selected.extension(), selected.options(), span, warmUpStart);
  }

  @SuppressWarnings("unchecked") // the options come from the same extension
  private LearningRate(Schedule<?> schedule, Record options, Span span, double warmUpStart) {
    this.schedule = (Schedule<Record>) schedule;
    this.options = schedule.optionsType().cast(options);
    this.span = span;
    this.warmUpStart = warmUpStart;
  }

  /** A course in code rather than from a recipe. */
  public static <O extends Record> LearningRate of(
      Schedule<O> schedule, O options, Span span, double warmUpStart) {
    return new LearningRate(schedule, options, span, warmUpStart);
  }

  /** The rate of the step that follows {@code step} done ones. */
  public double at(long step) {
    if (step < span.warmUpSteps()) {
      double start = warmUpStart * span.base();
      return start + (span.base() - start) * step / span.warmUpSteps();
    }
    return schedule.rate(options, span, step);
  }
}
