package io.facet.models.distill.cakd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.option.Named;
import io.facet.models.prompt.PromptMode;
import java.util.Set;

/**
 * CAKD: a transformer teaches a convolutional network through local features with unified receptive
 * fields, while prompts adapt the frozen transformer to the student.
 *
 * <pre>
 * f = LayerNorm(tokens) W                      (B, N, d), W of each side
 * h = attention of L learnt queries over f      (B, L, d), shared; each begins around its cell
 * A, o = self-attention over LayerNorm(h)       (B, H, L, L) and (B, L, d), shared
 * attention = mean((norm(log A_T) - norm(log A_S))^2), local = mean((norm(o_T) - norm(o_S))^2)
 * reconstruction = mean(1 - cos(mean_l(o_T) R, t))
 * </pre>
 *
 * <p>norm is over the batch, t the teacher's embedding (B, d_T). The data flow follows arXiv
 * 2306.14662; normalisations and reconstruction term are reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "cakd",
    version = 3,
    summary =
        "local features with unified receptive fields (URFM) and a prompted transformer teacher (APT)",
    source =
        "reconstructed in part: data flow, position code and prompts follow accounts of Zhao et al.,"
            + " arXiv 2306.14662 (ACM MM 2023); all forms of the terms, formulas of both facial distances,"
            + " the sharing of weights, the teacher's identity and reconstruction terms, sizes and weights"
            + " are our choice")
public final class Cakd implements DistillationMethod<CakdOptions> {
  @Override
  public MethodNeeds needs(CakdOptions options) {
    MethodNeeds needs =
        options.prompts() == PromptMode.JOINT
            ? MethodNeeds.promptedTeacher()
            : MethodNeeds.constantTeacher();
    return needs
        .taps(Set.of(CakdSession.TAP), Set.of(CakdSession.TAP))
        .with(Need.SALIENCY, options.faceDistance() == FaceDistance.SD);
  }

  @Override
  public MethodSession open(CakdOptions options, MethodSetup setup) {
    return CakdSession.open(options, setup);
  }
}
