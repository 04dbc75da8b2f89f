package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.Directions;
import io.facet.models.distill.MethodSetup;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.nio.FloatBuffer;

/** Margin softmax of the prompted teacher on its own frozen class weights. */
final class TeacherIdentity {
  private final MarginHead<Record> head;
  private final Record options;

  /** Unit class weights, {@code (d, C)}. */
  private final NDArray classes;

  @SuppressWarnings("unchecked")
  TeacherIdentity(Selected<MarginHead<?>> selected, MethodSetup setup) {
    head = (MarginHead<Record>) selected.extension();
    options = selected.options();
    float[] weights = setup.teacherClassifier().orElseThrow();
    Shape shape = new Shape(setup.classes(), setup.teacherEmbedding());
    if (weights.length != shape.size()) {
      throw new IllegalArgumentException(
          "teacher classifier of %d values for %s".formatted(weights.length, shape));
    }
    try (NDManager work = setup.manager().newSubManager()) {
      NDArray raw = Torch.array(work, FloatBuffer.wrap(weights), shape);
      classes = Directions.of(raw).transpose().duplicate();
      classes.attach(setup.manager());
    }
  }

  /** Mean cross entropy; gradients reach the embeddings only. */
  NDArray loss(NDArray embeddings, NDArray labels) {
    NDArray cosines = Directions.of(embeddings).matMul(classes);
    return TorchOps.crossEntropy(head.logits(cosines, labels, options), labels);
  }
}
