package io.facet.models.distill.ukd;

import ai.djl.ndarray.NDArray;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import java.util.LinkedHashMap;
import java.util.Map;

/** ILED, RPSD or both at work. A part without weight is left out. */
final class UnifiedSession extends MethodSession {
  private static final String THRESHOLD = "threshold";
  private static final String BANK = "bank";

  private double individualWeight;
  private IndividualErrors individual;
  private EmbeddingAdapter adapter;
  private double pairWeight;
  private PairSimilarities pairs;

  /** Adds ILED. */
  UnifiedSession withIndividual(
      String method,
      double weight,
      IledOptions options,
      AdapterOptions adapting,
      MethodSetup setup) {
    if (weight > 0) {
      individualWeight = weight;
      individual = new IndividualErrors(options, setup.manager(), setup.device());
      adapter = child("adapter", EmbeddingAdapter.of(method, setup, adapting));
    }
    return this;
  }

  /** Adds RPSD. */
  UnifiedSession withPairs(double weight, RpsdOptions options, MethodSetup setup) {
    if (weight > 0) {
      pairWeight = weight;
      pairs =
          child(
              "pairs",
              new PairSimilarities(options, setup.studentEmbedding(), setup.teacherEmbedding()));
    }
    return this;
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
    NDArray student = inputs.student().embedding();
    NDArray teacher = inputs.teacher().embedding();
    TermLosses terms = new TermLosses();
    if (individual != null) {
      terms.add(
          "iled",
          individualWeight,
          individual.loss(adapter.forward(student), teacher, inputs.progress()));
    }
    if (pairs != null) {
      terms.add(
          "rpsd",
          pairWeight,
          pairs.loss(student, teacher, inputs.labels().array(), inputs.sampleIndices().array()));
    }
    return terms;
  }

  @Override
  public void afterStep(StepInputs inputs) {
    if (pairs != null) {
      pairs.remember(
          inputs.student().embedding(),
          inputs.teacher().embedding(),
          inputs.labels().array(),
          inputs.sampleIndices().array());
    }
  }

  @Override
  public Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    if (individual != null) {
      individual.threshold().ifPresent(threshold -> state.put(THRESHOLD, new double[] {threshold}));
    }
    if (pairs != null) {
      state.put(BANK, new double[] {pairs.bank().taken(), pairs.batches()});
    }
    return state;
  }

  @Override
  public void restore(Map<String, double[]> state) {
    if (individual != null && state.containsKey(THRESHOLD)) {
      individual.restore(state.get(THRESHOLD)[0]);
    }
    if (pairs != null) {
      double[] bank = state.get(BANK);
      pairs.restore((long) bank[0], (long) bank[1]);
    }
  }
}
