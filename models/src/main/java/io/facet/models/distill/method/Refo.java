package io.facet.models.distill.method;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Named;

/**
 * ReFO: the student takes the direction of the embeddings of a teacher that was made for students
 * of its size, without identities.
 *
 * <p>The three phases are three trainings of one recipe, each cached for itself:
 *
 * <ol>
 *   <li>the proxy, a small network that learns by identities alone: a teacher with {@code training:
 *       {}};
 *   <li>the teacher, which learns identities and stays near the frozen proxy: a teacher with {@code
 *       training: {from: PROXY, method: {feature-consistency: {weight: 1}}}}, whose loss is the
 *       margin softmax plus {@code weight * mean ||t^ - proxy^||^2};
 *   <li>the student, by this method alone: {@code distill: {teacher: TEACHER, methods: [refo]}}.
 * </ol>
 *
 * <p>The student's loss is the feature term alone, the one of {@code feature-consistency}: what
 * makes it ReFO is the teacher. So a recipe with any other teacher is refused. The proxy is smaller
 * than the teacher; that of ReFO+ has half the student's depth.
 *
 * <p>{@code infra/recipes/sample/refo.yaml} is such a recipe. The losses of phases 2 and 3 are
 * reconstructed: the paper could not be read.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "refo",
    version = 2,
    summary =
        "feature consistency alone, with a teacher that was trained near a small proxy; refused with others",
    source =
        "reconstructed: Reverse Feature Distillation (ReFO), known by its abstract and second-hand")
public final class Refo implements DistillationMethod<Refo.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term",
              range = "(0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double weight,
      @Description(
              value = "weight of an identity term beside it; ReFO has none",
              range = "[0, inf)",
              defaultValue = "0",
              source = "ReFO's abstract: feature distillation only")
          double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {

    private FeatureConsistency.Options feature() {
      return new FeatureConsistency.Options(
          weight, FeatureConsistency.Form.L2, identityWeight, adapter);
    }
  }

  private static final FeatureConsistency FEATURE = new FeatureConsistency();

  @Override
  public MethodNeeds needs(Options options) {
    return FEATURE.needs(options.feature());
  }

  @Override
  public boolean proxyTrainedTeacher(Options options) {
    return true;
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return FEATURE.open(options.feature(), setup);
  }
}
