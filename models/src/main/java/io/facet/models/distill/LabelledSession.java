package io.facet.models.distill;

import java.util.Map;

/** Shows a method that reads labels the labelled crops of each batch. */
final class LabelledSession extends MethodSession {
  private final MethodSession method;

  LabelledSession(MethodSession method) {
    this.method = child("labelled", method);
  }

  @Override
  public void start(StartingFaces faces) {
    method.start(faces);
  }

  /** No terms for a batch without a label. */
  @Override
  public TermLosses losses(StepInputs inputs) {
    return inputs.labelled().map(method::losses).orElseGet(TermLosses::new);
  }

  @Override
  public void afterStep(StepInputs inputs) {
    inputs.labelled().ifPresent(method::afterStep);
  }

  @Override
  public Map<String, String> alarms() {
    return method.alarms();
  }

  @Override
  public Map<String, double[]> state() {
    return method.state();
  }

  @Override
  public void restore(Map<String, double[]> state) {
    method.restore(state);
  }
}
