package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import io.facet.models.backbone.Features;
import io.facet.models.tensor.TorchOps;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a method sees of one batch. With gradient accumulation each batch counts as a step here.
 *
 * @param student the student's outputs, with gradients
 * @param teacher the teacher's outputs; without gradients when the teacher is constant; null for a
 *     method that needs no teacher
 * @param labels classes, int64 {@code (B)}, -1 for a crop of unknown identity
 * @param sampleIndices position of each sample in the training set, int64 {@code (B)}
 * @param studentClassifier class weights of the student's head {@code (C, d)} as trained, with
 *     gradients; null when the run has no head
 * @param step optimiser steps done before this one, from 0
 * @param totalSteps steps of the whole run
 * @param stepsPerEpoch steps of one epoch
 */
public record StepInputs(
    Features student,
    Features teacher,
    NDArray labels,
    NDArray sampleIndices,
    NDArray studentClassifier,
    long step,
    long totalSteps,
    long stepsPerEpoch) {

  /**
   * The same of the labelled crops alone; empty if no crop of the batch has a label.
   *
   * @return these inputs if all crops have one
   */
  public Optional<StepInputs> labelled() {
    long[] classes = labels.toLongArray();
    long[] rows =
        IntStream.range(0, classes.length).filter(i -> classes[i] >= 0).asLongStream().toArray();
    if (rows.length == classes.length) {
      return Optional.of(this);
    }
    if (rows.length == 0) {
      return Optional.empty();
    }
    NDArray chosen = labels.getManager().create(rows);
    return Optional.of(
        new StepInputs(
            student.rows(chosen),
            teacher == null ? null : teacher.rows(chosen),
            TorchOps.rows(labels, chosen),
            TorchOps.rows(sampleIndices, chosen),
            studentClassifier,
            step,
            totalSteps,
            stepsPerEpoch));
  }

  /** Epochs done, from 0. */
  public int epoch() {
    return (int) (step / stepsPerEpoch);
  }

  /** Share of the run that is done, in [0, 1). */
  public double progress() {
    return (double) step / totalSteps;
  }
}
