package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.ChosenFeature;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;

/**
 * Similarity preserving: inner products between the samples of a batch follow the teacher's.
 *
 * <p>{@code loss = sum((G_S - G_T)^2) / B^2}, G (B, B) the inner products of flattened features,
 * rows normalised.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "sp",
    version = 1,
    summary = "inner products between the samples of a batch follow the teacher's",
    source = "Tung and Mori, ICCV 2019; code of HobbitLong/RepDistiller and Tencent/TFace")
public final class SimilarityPreserving
    implements DistillationMethod<SimilarityPreserving.Options> {
  /** What is brought to length one. */
  public enum Normalise {
    /** Rows of the matrix of inner products. */
    GRAM_ROWS,
    /** The features themselves, so that inner products are cosines. */
    FEATURES
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the term",
              range = "[0, inf)",
              defaultValue = "3000",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(
              value = "gram-rows: rows of the matrix of inner products; features: the features",
              defaultValue = "gram-rows",
              source = "gram-rows: RepDistiller; features: Tencent/TFace")
          Normalise normalise,
      @Description(
              value = "what is compared of the student: embedding, or a tap such as last",
              defaultValue = "embedding",
              source = "embedding: Tencent/TFace; last map: RepDistiller")
          String studentFeature,
      @Description(
              value = "what is compared of the teacher: embedding, or a tap such as last",
              defaultValue = "embedding",
              source = "embedding: Tencent/TFace; last map: RepDistiller")
          String teacherFeature,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .taps(
            ChosenFeature.taps(options.studentFeature()),
            ChosenFeature.taps(options.teacherFeature()));
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return MethodSession.of(
        inputs ->
            new TermLosses()
                .add(
                    "similarity",
                    options.weight(),
                    loss(
                        ChosenFeature.flat(inputs.student(), options.studentFeature()),
                        ChosenFeature.flat(inputs.teacher(), options.teacherFeature()),
                        options.normalise())));
  }

  /**
   * The loss: squared differences of the similarity matrices, {@code sum / B^2}.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d')}, taken as a constant
   * @return a scalar
   */
  public static NDArray loss(NDArray student, NDArray teacher, Normalise normalise) {
    MatchingShapes.requireBatch(student, teacher);
    NDArray target = similarities(teacher.stopGradient(), normalise);
    return similarities(student, normalise).sub(target).square().mean();
  }

  private static NDArray similarities(NDArray features, Normalise normalise) {
    return switch (normalise) {
      case GRAM_ROWS -> L2Normalise.of(features.matMul(features.transpose()));
      case FEATURES -> L2Normalise.similarities(features);
    };
  }
}
