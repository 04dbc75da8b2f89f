package io.facet.models.train.teacher;

import io.facet.models.distill.TeacherSide;
import java.util.Optional;

/**
 * One of several teachers of a run.
 *
 * @param outputs what it says of each batch
 * @param classifier its class weights {@code (C, d)} for the identities of the training set
 * @param saliency its saliency map on its token grid
 */
public record NamedTeacher(
    TeacherOutputs outputs, Optional<float[]> classifier, Optional<float[]> saliency) {

  /** A teacher of which only the outputs are known. */
  public static NamedTeacher of(TeacherOutputs outputs) {
    return new NamedTeacher(outputs, Optional.empty(), Optional.empty());
  }

  public TeacherSide side() {
    return new TeacherSide(
        outputs.embeddingSize(), outputs.taps(), classifier, saliency, outputs.promptTokens());
  }
}
