package io.facet.models.distill.cakd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.prompt.PromptMode;
import java.util.Set;

/**
 * CAKD: a transformer teaches a convolutional network through local features with unified receptive
 * fields, while prompts adapt the frozen transformer to the student.
 */
@AutoService(DistillationMethod.class)
public final class Cakd implements DistillationMethod<CakdOptions> {
  @Override
  public String key() {
    return "cakd";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Class<CakdOptions> optionsType() {
    return CakdOptions.class;
  }

  @Override
  public String summary() {
    return "local features with unified receptive fields (URFM) and a prompted transformer teacher (APT)";
  }

  @Override
  public String source() {
    return "reconstructed in part: data flow, position code and prompts follow accounts of Zhao et al.,"
        + " arXiv 2306.14662 (ACM MM 2023); all forms of the terms, formulas of both facial distances,"
        + " the sharing of weights, the teacher's identity and reconstruction terms, sizes and weights"
        + " are our choice";
  }

  @Override
  public MethodNeeds needs(CakdOptions options) {
    MethodNeeds needs =
        options.prompts() == PromptMode.JOINT
            ? MethodNeeds.promptedTeacher()
            : MethodNeeds.constantTeacher();
    return needs
        .taps(Set.of(CakdSession.TAP), Set.of(CakdSession.TAP))
        .saliency(options.faceDistance() == FaceDistance.SD);
  }

  @Override
  public double identityWeight(CakdOptions options) {
    return options.identityWeight();
  }

  @Override
  public MethodSession open(CakdOptions options, MethodSetup setup) {
    return CakdSession.open(options, setup);
  }
}
