package io.facet.models.distill;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * What a method session is built from.
 *
 * @param manager lives as long as the session; adapters and states belong to it
 * @param device where student and teacher compute
 * @param seed of adapters
 * @param classes number of identities C
 * @param studentEmbedding width of the student's embedding
 * @param teacherEmbedding width of the teacher's embedding, 0 without teacher
 * @param studentTaps shapes without batch axis of the student's taps the method asked for
 * @param teacherTaps the same of the teacher, prompt tokens included
 * @param teacherClassifier the teacher's class weights {@code (C, d)} row by row, if it has some
 * @param saliency the teacher's saliency map on its token grid, row-major in 0..1, if computed
 * @param promptTokens how many of the last tokens of the teacher's taps are prompts
 * @param samples size of the training set
 * @param labels class of each of its samples, by position; -1 if unknown
 * @param namedTeachers the teachers that the method's options name
 */
public record MethodSetup(
    NDManager manager,
    Device device,
    long seed,
    int classes,
    int studentEmbedding,
    int teacherEmbedding,
    Map<String, Shape> studentTaps,
    Map<String, Shape> teacherTaps,
    Optional<float[]> teacherClassifier,
    Optional<float[]> saliency,
    int promptTokens,
    int samples,
    IntUnaryOperator labels,
    Map<String, TeacherSide> namedTeachers) {

  /** The setup of a run on the host with one teacher at most. */
  public MethodSetup(
      NDManager manager,
      long seed,
      int classes,
      int studentEmbedding,
      int teacherEmbedding,
      Map<String, Shape> studentTaps,
      Map<String, Shape> teacherTaps,
      Optional<float[]> teacherClassifier,
      Optional<float[]> saliency,
      int promptTokens,
      int samples,
      IntUnaryOperator labels) {
    this(
        manager,
        Device.cpu(),
        seed,
        classes,
        studentEmbedding,
        teacherEmbedding,
        studentTaps,
        teacherTaps,
        teacherClassifier,
        saliency,
        promptTokens,
        samples,
        labels,
        Map.of());
  }

  /** As a method sees it that learns from that teacher; empty: the run's own. */
  public MethodSetup of(Optional<String> name) {
    return name.map(namedTeachers::get)
        .map(
            side ->
                new MethodSetup(
                    manager,
                    device,
                    seed,
                    classes,
                    studentEmbedding,
                    side.embedding(),
                    studentTaps,
                    side.taps(),
                    side.classifier(),
                    side.saliency(),
                    side.promptTokens(),
                    samples,
                    labels,
                    namedTeachers))
        .orElse(this);
  }

  /** The shapes among them. */
  public OutputShapes shapes() {
    return new OutputShapes(
        studentEmbedding, teacherEmbedding, studentTaps, teacherTaps, promptTokens);
  }
}
