package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.Divergence;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.List;
import java.util.Set;

/**
 * MLDR-KD: relations among the classes of each sample, relations among the samples in each class,
 * and class probabilities follow the teacher's; stages of the student may be taught the same.
 *
 * <pre>
 * loss = mean KL of softmax(l_b l_b^T / sqrt(C)), C x C for each sample, over columns
 *      + mean KL of softmax(l_c l_c^T / sqrt(C)), B x B for each class, over columns
 *      + probabilityWeight mean KL of softmax(l)
 * </pre>
 *
 * <p>l: logits of a sample of the classes, or directions, (B, C), scaled and divided by T; the
 * branch for faces is reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "mldr",
    version = 3,
    summary =
        "relations among classes and among samples, and class probabilities, follow the teacher's",
    source =
        "reconstructed: MLDR-KD, arXiv 2502.06189, from its abstract and an unofficial"
            + " reproduction; sampled classes, embeddings and branches for faces are ours")
public final class Mldr implements DistillationMethod<Mldr.Options> {
  /** What stands for class logits, which are too many for relations of every pair. */
  public enum Inputs {
    /** Logits of a sample of the classes. */
    CLASSES,
    /** Directions of the embeddings. */
    EMBEDDINGS
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value =
                  "classes: logits of a sample of the classes; embeddings: their scaled directions, which needs no class weights",
              defaultValue = "classes",
              source = "reconstructed; the paper takes all of 100 or 200 classes")
          Inputs inputs,
      @Description(
              value =
                  "classes in the sample of a step, the batch's own always; memory grows with batch size times its square",
              range = "[2, 65536]",
              defaultValue = "128",
              source = "reconstructed")
          int classes,
      @Description(
              value = "weight of all terms",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reproduction of arXiv 2502.06189")
          double weight,
      @Description(
              value = "weight alpha of the probabilities beside the two relations",
              range = "[0, inf)",
              defaultValue = "2",
              source = "reproduction of arXiv 2502.06189")
          double probabilityWeight,
      @Description(
              value = "temperature T both sides are divided by",
              range = "(0, inf)",
              defaultValue = "1",
              source = "reproduction of arXiv 2502.06189")
          double temperature,
      @Description(
              value =
                  "factor on cosines or directions, on both sides; relations grow with its square",
              range = "(0, 1000]",
              defaultValue = "16",
              source = "reconstructed")
          double logitScale,
      @Description(
              value =
                  "taps of the student with a branch of their own and a part in the fused logits, its stages by default; [] leaves both out",
              defaultValue = "[stage1, stage2, stage3, last]",
              source =
                  "four stages in the reproduction; branches that end in embeddings: reconstructed")
          List<String> branches,
      @Description(
              value =
                  "weight of the identity term beside it; above 0 when the inputs are classes, whose weights learn there",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reproduction of arXiv 2502.06189, there with label smoothing")
          double identityWeight,
      @Description(
              value =
                  "trained linear map of the student's embedding to the teacher's, where the inputs are embeddings",
              defaultValue = "{}")
          AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return options.inputs() == Inputs.CLASSES;
  }

  @Override
  public MethodNeeds needs(Options options) {
    boolean classes = options.inputs() == Inputs.CLASSES;
    return MethodNeeds.constantTeacher()
        .taps(Set.copyOf(options.branches()), Set.of())
        .with(Need.TEACHER_CLASSIFIER, classes)
        .with(Need.STUDENT_CLASSIFIER, classes)
        .with(Need.SAME_EMBEDDING_SIZE, !classes && options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new MldrSession(options, setup);
  }

  /**
   * Class relation: divergence of {@code softmax(l l^T / sqrt(C))} of each sample, {@code C x C},
   * softmax over its first axis; mean over the B C columns.
   *
   * @param student {@code (B, C)}
   * @param teacher {@code (B, C)}, taken as constants
   * @return a scalar
   */
  public static NDArray classRelation(NDArray student, NDArray teacher) {
    MatchingShapes.require(student, teacher);
    double root = Math.sqrt(student.getShape().get(1));
    return columns(pairs(student, root), pairs(teacher.stopGradient(), root));
  }

  /**
   * Sample relation: the same of each class over the samples, {@code B x B}, divided by sqrt(C)
   * too; mean over the C B columns.
   *
   * @param student {@code (B, C)}
   * @param teacher {@code (B, C)}, taken as constants
   * @return a scalar
   */
  public static NDArray sampleRelation(NDArray student, NDArray teacher) {
    MatchingShapes.require(student, teacher);
    double root = Math.sqrt(student.getShape().get(1));
    return columns(
        pairs(student.transpose(), root), pairs(teacher.stopGradient().transpose(), root));
  }

  /** Divergence of the probabilities, mean over the batch. */
  public static NDArray probability(NDArray student, NDArray teacher) {
    MatchingShapes.require(student, teacher);
    return Divergence.of(student, teacher, -1).mean();
  }

  /** Products of all pairs in each row, {@code (R, N)} to {@code (R, N, N)}. */
  private static NDArray pairs(NDArray rows, double divisor) {
    return rows.expandDims(2).mul(rows.expandDims(1)).div(divisor);
  }

  private static NDArray columns(NDArray student, NDArray teacher) {
    return Divergence.of(student, teacher, -2).mean();
  }
}
