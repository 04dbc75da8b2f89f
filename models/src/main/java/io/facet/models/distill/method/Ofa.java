package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.ClassLogits;
import io.facet.models.distill.part.Divergence;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.StageBranch;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * OFA-KD: the student's class probabilities follow the teacher's, whose confidence in the true
 * class is raised; stages of the student may be taught the same through branches of their own.
 *
 * <p>{@code loss = -mean_i sum_c ((p_T + y)^power - y) ln p_S}, y one-hot, probabilities of {@code
 * logits / T}, logits (B, C); the same on each branch.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "ofa",
    version = 2,
    summary =
        "class probabilities of student and stages follow the teacher's, the true class raised",
    source =
        "Hao et al., One-for-All, NeurIPS 2023; code of Hao840/OFAKD distillers/ofa.py; branches"
            + " that end in embeddings: reconstructed")
public final class Ofa implements DistillationMethod<Ofa.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the term on the final logits",
              range = "[0, inf)",
              defaultValue = "1",
              source = "Hao840/OFAKD")
          double weight,
      @Description(
              value = "weight of the same term on each branch",
              range = "[0, inf)",
              defaultValue = "1",
              source = "Hao840/OFAKD")
          double branchWeight,
      @Description(
              value =
                  "taps of the student with a branch, its stages by default; [] trains the final logits alone; a branch ends in the teacher's embedding space and is read by the teacher's class weights",
              defaultValue = "[stage1, stage2, stage3, last]",
              source =
                  "Hao840/OFAKD has four stages with class logits each; embeddings: reconstructed")
          List<String> branches,
      @Description(
              value = "power of the teacher's probabilities, above 1 stresses the true class",
              range = "(0, 10]",
              defaultValue = "1",
              source = "Hao840/OFAKD; 1.5 for a transformer teacher on ImageNet")
          double power,
      @Description(
              value = "temperature T both logits are divided by",
              range = "(0, inf)",
              defaultValue = "1",
              source = "Hao840/OFAKD")
          double temperature,
      @Description(
              value = "factor on the cosines to the class weights, on both sides",
              range = "(0, 1000]",
              defaultValue = "64",
              source = "reconstructed for faces: the scale of the margin softmax")
          double logitScale,
      @Description(
              value =
                  "weight of the identity term beside it; the student's classifier learns there",
              range = "(0, inf)",
              defaultValue = "1",
              source = "Hao840/OFAKD")
          double identityWeight)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .taps(Set.copyOf(options.branches()), Set.of())
        .with(Need.TEACHER_CLASSIFIER)
        .with(Need.STUDENT_CLASSIFIER);
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * The loss: {@code -sum ((p_T + y)^power - y) ln p_S}, y one-hot, probabilities of {@code logits
   * / T}; mean over the batch.
   *
   * @param student logits, {@code (B, C)}
   * @param teacher logits, {@code (B, C)}, taken as constants
   * @param labels int64, {@code (B)}
   * @return a scalar
   */
  public static NDArray loss(
      NDArray student, NDArray teacher, NDArray labels, double power, double temperature) {
    MatchingShapes.require(student, teacher);
    NDArray truth = labels.oneHot((int) student.getShape().get(1), DataType.FLOAT32);
    NDArray target = Divergence.soften(teacher.stopGradient(), temperature).softmax(-1).add(truth);
    NDArray actual = Divergence.soften(student, temperature).logSoftmax(-1);
    return target.pow(power).sub(truth).mul(actual).sum(new int[] {-1}).mean().neg();
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final ClassLogits logits;
    private final Map<String, StageBranch> branches = new LinkedHashMap<>();

    Session(Options options, MethodSetup setup) {
      this.options = options;
      this.logits = new ClassLogits(setup, options.logitScale(), 0);
      for (String tap : options.branches()) {
        StageBranch branch =
            new StageBranch(setup.studentTaps().get(tap), setup.teacherEmbedding());
        branches.put(tap, child(tap, branch));
      }
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      UnaryOperator<NDArray> onTeacher = logits.onTeacher(inputs);
      NDArray teacher = onTeacher.apply(inputs.teacher().embedding());
      TermLosses terms = new TermLosses();
      terms.add("ofa", options.weight(), loss(inputs, logits.student(inputs), teacher));
      branches.forEach(
          (tap, branch) -> {
            NDArray stage = branch.embedding(branch.descriptor(inputs.student().tap(tap)));
            NDArray student = onTeacher.apply(stage);
            terms.add("ofa_" + tap, options.branchWeight(), loss(inputs, student, teacher));
          });
      return terms;
    }

    private NDArray loss(StepInputs inputs, NDArray student, NDArray teacher) {
      return Ofa.loss(
          student, teacher, inputs.classLabels().array(), options.power(), options.temperature());
    }
  }
}
