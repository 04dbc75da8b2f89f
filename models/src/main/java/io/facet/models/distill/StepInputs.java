package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import io.facet.models.backbone.Features;
import io.facet.models.head.ClassSample;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.NewArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a method sees of one batch. With gradient accumulation each batch counts as a step here.
 *
 * @param student the student's outputs, with gradients
 * @param teacher the teacher's outputs; without gradients when the teacher is constant; null for a
 *     method that needs no teacher
 * @param labels classes, {@code (B)}, -1 for a crop of unknown identity
 * @param sampleIndices position of each sample in the training set, {@code (B)}
 * @param studentClassifier class weights of the student's head as trained, with gradients, {@code
 *     (C, d)} or those of the sampled classes {@code (n, d)}; null when the run has no head
 * @param classSample the n classes that take part in this step; empty: all
 * @param step optimiser steps done before this one, from 0
 * @param totalSteps steps of the whole run
 * @param stepsPerEpoch steps of one epoch
 * @param namedTeachers outputs of the teachers that the method's options name
 */
public record StepInputs(
    Features student,
    Features teacher,
    IndexArray labels,
    IndexArray sampleIndices,
    NDArray studentClassifier,
    Optional<ClassSample> classSample,
    long step,
    long totalSteps,
    long stepsPerEpoch,
    Map<String, Features> namedTeachers) {

  /**
   * Inputs of a run with one teacher at most, in which all classes take part.
   *
   * @param labels int64 {@code (B)}; null for a method that reads none
   * @param sampleIndices int64 {@code (B)}; null for a method that reads none
   */
  public StepInputs(
      Features student,
      Features teacher,
      NDArray labels,
      NDArray sampleIndices,
      NDArray studentClassifier,
      long step,
      long totalSteps,
      long stepsPerEpoch) {
    this(
        student,
        teacher,
        labels == null ? null : IndexArray.reading(labels),
        sampleIndices == null ? null : IndexArray.reading(sampleIndices),
        studentClassifier,
        Optional.empty(),
        step,
        totalSteps,
        stepsPerEpoch,
        Map.of());
  }

  /** The same as a method sees them that learns from that teacher; empty: the run's own. */
  public StepInputs of(Optional<String> name) {
    return name.map(
            wanted ->
                new StepInputs(
                    student,
                    namedTeachers.get(wanted),
                    labels,
                    sampleIndices,
                    studentClassifier,
                    classSample,
                    step,
                    totalSteps,
                    stepsPerEpoch,
                    namedTeachers))
        .orElse(this);
  }

  /**
   * The same of the labelled crops alone; empty if no crop of the batch has a label.
   *
   * @return these inputs if all crops have one
   */
  public Optional<StepInputs> labelled() {
    long[] rows = labels.known();
    if (rows.length == labels.size()) {
      return Optional.of(this);
    }
    if (rows.length == 0) {
      return Optional.empty();
    }
    NDArray chosen = NewArray.of(labels.array(), rows);
    return Optional.of(
        new StepInputs(
            student.rows(chosen),
            teacher == null ? null : teacher.rows(chosen),
            labels.rows(rows),
            sampleIndices.rows(rows),
            studentClassifier,
            classSample,
            step,
            totalSteps,
            stepsPerEpoch,
            rows(namedTeachers, chosen)));
  }

  /**
   * The same where only some classes take part.
   *
   * @param sample holds the batch's own
   */
  public StepInputs sampling(ClassSample sample) {
    return new StepInputs(
        student,
        teacher,
        labels,
        sampleIndices,
        studentClassifier == null
            ? null
            : sample.rows(labels.array().getManager(), studentClassifier),
        Optional.of(sample),
        step,
        totalSteps,
        stepsPerEpoch,
        namedTeachers);
  }

  /** The labels as rows of {@link #studentClassifier}, {@code (B)}, -1 for unknown. */
  public IndexArray classLabels() {
    return classSample.map(sample -> sample.places(labels)).orElse(labels);
  }

  /**
   * Those rows of a table of all classes {@code (C, d)} that take part, {@code (n, d)}; the table
   * itself if all do.
   */
  public NDArray ofClasses(NDArray table) {
    return classSample.map(sample -> sample.rows(labels.array().getManager(), table)).orElse(table);
  }

  private static Map<String, Features> rows(Map<String, Features> teachers, NDArray chosen) {
    Map<String, Features> rows = new LinkedHashMap<>();
    teachers.forEach((name, features) -> rows.put(name, features.rows(chosen)));
    return rows;
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
