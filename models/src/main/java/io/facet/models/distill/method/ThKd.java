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
import io.facet.models.distill.StudentHead;
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.Reduction;
import io.facet.models.head.FrozenHead;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.Selected;
import io.facet.models.tensor.L2Normalise;

/**
 * TH-KD: the teacher lends its head. The student's embedding goes through the teacher's frozen
 * class weights, and what comes out follows the teacher's own softened output.
 *
 * <pre>
 * th = T^2 / B sum p_T (ln p_T - ln q),  p_T = softmax(l_T / T),  q = softmax(thLogitScale s^ W_T^T / T)
 * kd = the same with the student's own logits in the place of q
 * feature = mean ||s^_i - t^_i||^2
 * </pre>
 *
 * <p>s, t: (B, d), W_T: (C, d).
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "th-kd",
    version = 2,
    summary = "the student learns through the teacher's frozen head (head sharing)",
    source =
        "reconstructed for faces from Ben-Baruch et al., Head Sharing KD, arXiv 2201.06945, and the"
            + " code of Alibaba-MIIL/HeadSharingKD for closed classes")
public final class ThKd implements DistillationMethod<ThKd.Options> {
  /** What the student is held to behind the teacher's head. */
  public enum Target {
    /** The teacher's softened probabilities. */
    SOFT,
    /** The label, by a margin softmax. */
    HARD
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value =
                  "soft: the teacher's softened output, hard: the label, by a margin softmax on the"
                      + " teacher's class weights",
              defaultValue = "soft",
              source = "HeadSharingKD kdth.py; hard: reconstructed for faces")
          Target thTarget,
      @Description(
              value = "weight of the term behind the teacher's head; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "0.02",
              source = "HeadSharingKD README, kdth")
          double thWeight,
      @Description(
              value = "soft: logits are thLogitScale times cosines, else plain products",
              defaultValue = "true",
              source = "true: reconstructed for faces; false: HeadSharingKD kdth.py")
          boolean normalised,
      @Description(
              value = "factor on the cosines, on both sides, without margin",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "reconstructed")
          double thLogitScale,
      @Description(
              value = "temperature T of softened outputs",
              range = "(0, inf)",
              defaultValue = "4",
              source = "HeadSharingKD kdth.py")
          double temperature,
      @Description(
              value = "hard: margin softmax on the teacher's class weights",
              defaultValue = "{arcface: {}}",
              source = "reconstructed; ProxylessKD")
          Selected<MarginHead<?>> head,
      @Description(
              value = "weight of the divergence between both sides' own outputs; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "0",
              source = "HeadSharingKD README, kdth: 1.5")
          double kdWeight,
      @Description(
              value =
                  "weight of the distance of directions (KDE), mean over the batch; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed for faces",
              formerly = "lamE")
          double featureWeight,
      @Description(
              value =
                  "class weights of the student's own head: own, initialised from the teacher's,"
                      + " copied from the teacher and frozen",
              defaultValue = "own",
              source = "HeadSharingKD train_student.py")
          StudentHead studentHead,
      @Description(
              value = "weight of the identity term of the student's own head",
              range = "[0, inf)",
              defaultValue = "1",
              source = "HeadSharingKD README, kdth")
          double identityWeight,
      @Description(
              value =
                  "trained linear map of the student's embedding to the teacher's; no part of the paper",
              defaultValue = "{use: never}")
          AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return options.thWeight() > 0 && options.thTarget() == Target.HARD;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .with(Need.TEACHER_CLASSIFIER)
        .with(Need.STUDENT_CLASSIFIER, options.kdWeight() > 0)
        .with(
            Need.SAME_EMBEDDING_SIZE,
            options.adapter().absent() || options.studentHead() != StudentHead.OWN);
  }

  @Override
  public StudentHead studentHead(Options options) {
    return options.studentHead();
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * Logits of features on somebody else's linear classifier, {@code (B, C)}; gradients reach the
   * features only.
   *
   * @param features {@code (B, d)}
   * @param classes {@code (C, d)}, taken as constants
   * @param bias {@code (C)}, taken as constants, or null
   * @throws IllegalArgumentException if the widths or the numbers of classes differ
   */
  public static NDArray logits(NDArray features, NDArray classes, NDArray bias) {
    FrozenHead.requireWidth(features, classes);
    NDArray constant = FrozenHead.constant(classes, features.getManager());
    NDArray products = ai.djl.nn.core.Linear.linear(features, constant, null).head();
    if (bias == null) {
      return products;
    }
    if (bias.size() != classes.getShape().get(0)) {
      throw new IllegalArgumentException(
          "class weights %s and bias %s have different numbers of classes"
              .formatted(classes.getShape(), bias.getShape()));
    }
    return products.add(bias.stopGradient());
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;
    private final TeacherClassifier classes;
    private final NDArray rawClasses;
    private final FrozenHead head;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      adapter = child("adapter", EmbeddingAdapter.of("th-kd", setup, options.adapter()));
      classes = TeacherClassifier.of(setup);
      rawClasses = options.normalised() ? null : TeacherClassifier.raw(setup, setup.manager());
      head = child("head", new FrozenHead(options.head()));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      NDArray teacher = inputs.teacher().embedding();
      NDArray directions = inputs.ofClasses(classes.directions());
      TermLosses terms = new TermLosses();
      if (options.thWeight() > 0) {
        terms.add(
            "teacher_head",
            options.thWeight(),
            throughTeacher(student, teacher, directions, inputs));
      }
      if (options.kdWeight() > 0) {
        NDArray own =
            FrozenHead.cosines(
                    inputs.student().embedding(), L2Normalise.of(inputs.studentClassifier()))
                .mul(options.thLogitScale());
        NDArray target = FrozenHead.cosines(teacher, directions).mul(options.thLogitScale());
        terms.add("kd", options.kdWeight(), Kd.loss(own, target, options.temperature()));
      }
      if (options.featureWeight() > 0) {
        terms.add(
            "embedding",
            options.featureWeight(),
            RawL2.loss(student, teacher, true, Reduction.BATCH_MEAN));
      }
      return terms;
    }

    private NDArray throughTeacher(
        NDArray student, NDArray teacher, NDArray directions, StepInputs inputs) {
      if (options.thTarget() == Target.HARD) {
        return head.loss(student, directions, inputs.classLabels().array());
      }
      NDArray shown = options.normalised() ? directions : inputs.ofClasses(rawClasses);
      return Kd.loss(logits(student, shown), logits(teacher, shown), options.temperature());
    }

    private NDArray logits(NDArray embeddings, NDArray shown) {
      return options.normalised()
          ? FrozenHead.cosines(embeddings, shown).mul(options.thLogitScale())
          : ThKd.logits(embeddings, shown, null);
    }
  }
}
