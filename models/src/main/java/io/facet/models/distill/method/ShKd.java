package io.facet.models.distill.method;

import com.google.auto.service.AutoService;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StudentHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.Selected;
import java.util.List;

/**
 * SH-KD, third phase: a fresh student learns from a student-aware teacher, by any objective. The
 * first phase trains a network like the student, the second the teacher on that network's frozen
 * class weights; both are teachers of the recipe.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "sh-kd",
    version = 1,
    summary =
        "learns from a teacher that was trained on the frozen head of a network like the student",
    source =
        "reconstructed for faces from Ben-Baruch et al., Head Sharing KD, arXiv 2201.06945, and the"
            + " code of Alibaba-MIIL/HeadSharingKD for closed classes")
public final class ShKd implements DistillationMethod<ShKd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value =
                  "how the student-aware teacher teaches: methods to add; their own identity weights"
                      + " are not used",
              defaultValue = "[{l2: {normalise: true}}]",
              source = "reconstructed for faces; the paper's example for closed classes is CRD")
          List<Selected<DistillationMethod<?>>> methods,
      @Description(
              value = "factor on all terms of each method, in their order; empty: 1 for all",
              range = "[0, inf)",
              defaultValue = "[]")
          List<Double> weights,
      @Description(
              value = "weight of the identity term of the student's own head",
              range = "[0, inf)",
              defaultValue = "1",
              source = "HeadSharingKD README")
          double identityWeight)
      implements IdentityTerm {

    /**
     * Options that fit together.
     *
     * @throws IllegalArgumentException as {@link Sum.Options}, or if a method names a teacher of
     *     its own
     */
    public Options {
      Sum.check(methods, weights, List.of());
      if (methods.stream().anyMatch(m -> !ChosenMethod.of(m).namedTeachers().isEmpty())) {
        throw new IllegalArgumentException(
            "sh-kd has one teacher: remove teachers from the sum in its methods");
      }
    }

    Sum.Options objective() {
      return new Sum.Options(methods, weights, List.of(), identityWeight);
    }
  }

  @Override
  public boolean readsLabels(Options options) {
    return new Sum().readsLabels(options.objective());
  }

  @Override
  public MethodNeeds needs(Options options) {
    return new Sum().needs(options.objective()).with(Need.STUDENT_AWARE_TEACHER);
  }

  @Override
  public boolean proxyTrainedTeacher(Options options) {
    return new Sum().proxyTrainedTeacher(options.objective());
  }

  @Override
  public StudentHead studentHead(Options options) {
    return new Sum().studentHead(options.objective());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Sum().open(options.objective(), setup);
  }
}
