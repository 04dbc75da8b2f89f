package io.facet.models.train.schedule;

import io.facet.models.option.Extension;

/** A course of the learning rate after warm-up; a pure function of the step. */
public interface Schedule<O extends Record> extends Extension<O> {
  /**
   * The rate of one step.
   *
   * @param step optimiser steps done before this one, not below {@code span.warmUpSteps()}
   */
  double rate(O options, Span span, long step);

  /**
   * The run a schedule spreads over.
   *
   * @param base the highest rate
   * @param warmUpSteps steps at the start that the schedule does not rule
   * @param totalSteps steps of the whole run, warm-up included
   * @param stepsPerEpoch steps of one epoch
   */
  record Span(double base, long warmUpSteps, long totalSteps, long stepsPerEpoch) {
    /** Share of the steps after warm-up that are done, at most 1. */
    double progress(long step) {
      long length = Math.max(1, totalSteps - warmUpSteps);
      return Math.min(1, (double) (step - warmUpSteps) / length);
    }
  }
}
