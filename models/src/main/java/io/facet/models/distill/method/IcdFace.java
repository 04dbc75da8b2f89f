package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.IdentityBank;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.NewArray;
import java.util.Map;

/**
 * ICD-Face: the student's embedding takes the direction of the teacher's, and the distribution of
 * its similarities within identities becomes the teacher's.
 *
 * <p>{@code KL(P_t || P_s)}, where P is a histogram of the cosines of positive pairs over nodes r
 * in [-1, 1] with the soft share {@code exp(-gamma (cos - r)^2)}, normalised to sum 1. Pairs are
 * made within the batch and with the last embeddings of the same identity in a bank.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "icd-face",
    version = 1,
    summary = "the teacher's directions, and its distribution of similarities within identities",
    source =
        "reconstructed: Yu et al., ICD-Face, ICCV 2023, from its abstract and an independent"
            + " adaptation; pairs within the batch and all weights are ours")
public final class IcdFace implements DistillationMethod<IcdFace.Options> {
  private static final double SMALLEST = 1e-12;

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term, mean of 2 - 2 cos",
              range = "[0, inf)",
              defaultValue = "0.5",
              source = "reconstructed")
          double featureWeight,
      @Description(
              value = "weight of the similarity distribution term",
              range = "[0, inf)",
              defaultValue = "0.5",
              source = "reconstructed")
          double similarityWeight,
      @Description(
              value = "embeddings kept of each identity",
              range = "[1, 1024]",
              defaultValue = "5",
              source = "reconstructed")
          int bank,
      @Description(
              value = "batches for which a kept embedding is used",
              range = "[1, inf)",
              defaultValue = "200",
              source = "reconstructed")
          int validSteps,
      @Description(
              value = "distance of two nodes of the histogram",
              range = "[0.0001, 1]",
              defaultValue = "0.001",
              source = "reconstructed")
          double binWidth,
      @Description(
              value = "sharpness of a pair's share in the nodes around it",
              range = "(0, inf)",
              defaultValue = "50",
              source = "reconstructed")
          double gamma,
      @Description(
              value = "most memory the bank may take, in megabytes",
              range = "[1, inf)",
              defaultValue = "2048")
          int memoryLimitMegabytes,
      @IdentityWeight double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * Divergence of the two distributions of similarities.
   *
   * @param student cosines of pairs, {@code (P)}
   * @param teacher cosines of the same pairs, {@code (P)}, taken as constants
   * @param counts 1 for pairs that count, 0 for the others, {@code (P)}; without any the loss is 0
   * @return a scalar
   */
  public static NDArray divergence(
      NDArray student, NDArray teacher, NDArray counts, Options options) {
    NDArray ofStudent = distribution(student, counts, options);
    NDArray ofTeacher = distribution(teacher.stopGradient(), counts, options);
    NDArray any = counts.max().stopGradient();
    return ofTeacher.mul(ofTeacher.log().sub(ofStudent.log())).sum().mul(any);
  }

  /** Shares of the nodes, all above 0 and summing to 1. */
  private static NDArray distribution(NDArray cosines, NDArray counts, Options options) {
    int nodes = (int) Math.round(2 / options.binWidth()) + 1;
    NDArray places = NewArray.grid(cosines, nodes).expandDims(0);
    NDArray shares = cosines.expandDims(1).sub(places).square().mul((float) -options.gamma()).exp();
    NDArray sums = shares.mul(counts.expandDims(1)).sum(new int[] {0}).add((float) SMALLEST);
    return sums.div(sums.sum());
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;
    private final IdentityBank bank;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      adapter = child("adapter", EmbeddingAdapter.of("icd-face", setup, options.adapter()));
      bank =
          child(
              "bank",
              IdentityBank.of("icd-face", options.bank(), options.memoryLimitMegabytes(), setup));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray embeddings = inputs.student().embedding();
      NDArray teacher = inputs.teacher().embedding();
      IdentityBank.Pairs pairs = bank.pairs(inputs, options.validSteps());
      return new TermLosses()
          .add(
              "feature",
              options.featureWeight(),
              FeatureConsistency.loss(
                  adapter.forward(embeddings), teacher, FeatureConsistency.Form.L2))
          .add(
              "similarity",
              options.similarityWeight(),
              divergence(pairs.student(), pairs.teacher(), pairs.counts(), options));
    }

    @Override
    public void afterStep(StepInputs inputs) {
      bank.add(inputs);
    }

    @Override
    public Map<String, double[]> state() {
      return Map.of("taken", bank.taken());
    }

    @Override
    public void restore(Map<String, double[]> state) {
      bank.restore(state.get("taken"));
    }
  }
}
