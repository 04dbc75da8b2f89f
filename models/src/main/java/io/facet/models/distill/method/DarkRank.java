package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;

/**
 * DarkRank, hard form: the student ranks the other samples of a batch as the teacher does.
 *
 * <p>{@code loss = -mean_i sum_k (score_k - logsumexp_{l >= k} score_l)} over the teacher's nearest
 * others, nearest first; {@code score = -alpha dist^beta} of the student's directions. s (B, d), t
 * (B, d').
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "darkrank",
    version = 2,
    summary = "the student ranks the nearest samples of a batch as the teacher does",
    source = "Chen et al., DarkRank, AAAI 2018; code of Tencent/TFace")
public final class DarkRank implements DistillationMethod<DarkRank.Options> {
  private static final double SMALLEST_SQUARE = 1e-12;

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the ranking term; the published code states none",
              range = "[0, inf)",
              defaultValue = "1")
          double weight,
      @Description(
              value = "factor of the scores, -alpha dist^beta",
              range = "(0, inf)",
              defaultValue = "3",
              source = "Tencent/TFace, ekd/distillation/darkrank.py")
          double alpha,
      @Description(
              value = "power of the distances in the scores",
              range = "[1, 10]",
              defaultValue = "3",
              source = "Tencent/TFace, ekd/distillation/darkrank.py")
          double beta,
      @Description(
              value = "how many of the teacher's nearest samples are ranked",
              range = "[2, 1024]",
              defaultValue = "3",
              source = "Tencent/TFace, ekd/distillation/darkrank.py")
          int permutationLength,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return MethodSession.of(
        inputs ->
            new TermLosses()
                .add(
                    "rank",
                    options.weight(),
                    loss(
                        inputs.student().embedding(),
                        inputs.teacher().embedding(),
                        options.alpha(),
                        options.beta(),
                        options.permutationLength())));
  }

  /**
   * The loss: {@code -sum_k (score_k - logsumexp_{l >= k} score_l)} over the teacher's nearest
   * other samples, nearest first, mean over the batch; 0 for a batch of one.
   *
   * @param student {@code (B, d)}; scores are {@code -alpha dist^beta} of directions
   * @param teacher {@code (B, d')}, taken as a constant
   * @param length how many samples are ranked; all others when the batch has fewer
   * @return a scalar
   */
  public static NDArray loss(
      NDArray student, NDArray teacher, double alpha, double beta, int length) {
    MatchingShapes.requireBatch(student, teacher);
    int batch = (int) student.getShape().get(0);
    if (batch == 1) {
      return student.sum().mul(0f);
    }
    NDArray itself = NewArray.eye(teacher, batch);
    // Larger than any squared distance of directions, so that no sample ranks itself.
    NDArray far = squares(teacher.stopGradient()).add(itself.mul(10));
    int ranked = Math.min(length, batch - 1);
    NDArray order = far.argSort(1, true).get(":, :{}", ranked);
    NDArray scores =
        TorchOps.power(squares(student).gather(order, 1).maximum(SMALLEST_SQUARE), beta / 2)
            .mul(-alpha);
    NDList chances = new NDList();
    for (int k = 0; k < ranked; k++) {
      chances.add(scores.get(":, {}:", k).logSoftmax(1).get(":, 0"));
    }
    return NDArrays.stack(chances, 1).sum(new int[] {1}).mean().neg();
  }

  /** Squared distances of directions, {@code (B, B)}. */
  private static NDArray squares(NDArray embeddings) {
    NDArray directions = L2Normalise.of(embeddings);
    NDArray lengths = directions.square().sum(new int[] {-1}, true);
    return directions.matMul(directions.transpose()).mul(-2).add(lengths).add(lengths.transpose());
  }
}
