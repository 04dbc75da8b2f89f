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
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.head.ArcFace;
import io.facet.models.head.ArcFaceOptions;
import io.facet.models.head.FrozenHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TorchOps;
import java.util.Arrays;

/**
 * MarginDistillation: ArcFace on the teacher's frozen class weights, with a larger margin for
 * samples that the teacher places nearer to their class.
 *
 * <p>{@code m_i = (largest - smallest) D_i / max(D) + smallest}, {@code D_i = cos(t_i, w_y)}; loss
 * = cross entropy of ArcFace logits of s (B, d) on W_T (C, d) with margin m_i.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "margin-distillation",
    version = 2,
    summary = "ArcFace on the teacher's frozen class weights, with margins set by the teacher",
    source =
        "Svitov and Alyamkin, MarginDistillation, 2020; code of david-svitov/margindistillation")
public final class MarginDistillation implements DistillationMethod<MarginDistillation.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "margin of a sample whose teacher embedding is orthogonal to its class",
              range = "[0, 1.5707]",
              defaultValue = "0.2",
              source = "david-svitov/margindistillation config.py")
          double smallestMargin,
      @Description(
              value = "margin of the batch's sample nearest to its class in the teacher",
              range = "[0, 1.5707]",
              defaultValue = "0.5",
              source = "david-svitov/margindistillation config.py")
          double largestMargin,
      @Description(
              value = "factor on all logits",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "david-svitov/margindistillation config.py")
          double scale,
      @Description(
              value = "ArcFace's rule where angle plus margin exceeds pi",
              defaultValue = "plain",
              source = "david-svitov/margindistillation train.py")
          ArcFaceOptions.Variant variant,
      @Description(
              value = "weight of the margin softmax",
              range = "[0, inf)",
              defaultValue = "1",
              source = "david-svitov/margindistillation train.py")
          double weight,
      @Description(
              value = "weight of the identity term of the student's own head beside it",
              range = "[0, inf)",
              defaultValue = "0",
              source = "david-svitov/margindistillation: the student has no head of its own")
          double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .with(Need.TEACHER_CLASSIFIER)
        .with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * The margin of each sample: {@code (largest - smallest) / D_max * D_i + smallest}, D the cosine
   * of teacher embedding and class weights; the smallest for all if no D is above 0.
   *
   * @param teacher raw embeddings, {@code (B, d)}
   * @param classes unit class weights, {@code (C, d)}
   * @param labels int64, {@code (B)}
   */
  public static double[] margins(
      NDArray teacher, NDArray classes, NDArray labels, double smallest, double largest) {
    NDArray own = TorchOps.rows(classes, labels);
    MatchingShapes.require(own, teacher);
    float[] cosines = HostArray.floats(L2Normalise.cosines(teacher.stopGradient(), own));
    double[] margins = new double[cosines.length];
    double highest = 0;
    for (float cosine : cosines) {
      highest = Math.max(highest, cosine);
    }
    Arrays.fill(margins, smallest);
    for (int i = 0; i < margins.length && highest > 0; i++) {
      margins[i] += (largest - smallest) * (cosines[i] / highest);
    }
    return margins;
  }

  /**
   * The loss: mean cross entropy of ArcFace logits with a margin for each sample.
   *
   * @param student raw embeddings, {@code (B, d)}
   * @param classes unit class weights, {@code (C, d)}, without gradients
   * @param labels int64, {@code (B)}
   * @return a scalar
   */
  public static NDArray loss(
      NDArray student, NDArray classes, NDArray labels, double[] margins, ArcFaceOptions options) {
    NDArray cosines = FrozenHead.cosines(student, classes);
    return TorchOps.crossEntropy(ArcFace.logits(cosines, labels, margins, options), labels);
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final ArcFaceOptions arcFace;
    private final EmbeddingAdapter adapter;
    private final TeacherClassifier classes;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      arcFace =
          new ArcFaceOptions(options.largestMargin(), options.scale(), options.variant(), false);
      adapter =
          child("adapter", EmbeddingAdapter.of("margin-distillation", setup, options.adapter()));
      classes = TeacherClassifier.of(setup);
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      NDArray directions = inputs.ofClasses(classes.directions());
      NDArray labels = inputs.classLabels().array();
      double[] margins =
          margins(
              inputs.teacher().embedding(),
              directions,
              labels,
              options.smallestMargin(),
              options.largestMargin());
      return new TermLosses()
          .add(
              "teacher_head",
              options.weight(),
              loss(student, directions, labels, margins, arcFace));
    }
  }
}
