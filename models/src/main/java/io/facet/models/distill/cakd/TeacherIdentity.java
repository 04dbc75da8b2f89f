package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Selected;
import io.facet.models.tensor.TorchOps;

/** Margin softmax of the prompted teacher on its own frozen class weights. */
final class TeacherIdentity {
  private final MarginHead<Record> head;
  private final Record options;
  private final TeacherClassifier classes;

  @SuppressWarnings("unchecked")
  TeacherIdentity(Selected<MarginHead<?>> selected, MethodSetup setup) {
    head = (MarginHead<Record>) selected.extension();
    options = selected.options();
    classes = TeacherClassifier.of(setup);
  }

  /** Mean cross entropy; gradients reach the embeddings only. */
  NDArray loss(NDArray embeddings, NDArray labels) {
    NDArray cosines = classes.cosines(embeddings);
    return TorchOps.crossEntropy(head.logits(cosines, labels, options), labels);
  }
}
