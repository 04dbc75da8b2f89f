package io.facet.models.distill.ukd;

import io.facet.models.option.Description;

/** How ILED weighs samples; all of it reconstructed. */
public record IledOptions(
    @Description(
            value =
                "threshold: samples above the running mean error weigh more, topk: only the hardest"
                    + " share counts, none: feature consistency",
            defaultValue = "threshold",
            source = "reconstructed; arXiv 2508.11376 names a dynamic hard mining strategy")
        HardMining hardMining,
    @Description(
            value = "threshold: weight of a hard sample is 1 + kappa",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed")
        double kappa,
    @Description(
            value = "threshold: share of the old running mean at each step; 1 keeps the first",
            range = "[0, 1]",
            defaultValue = "0.99",
            source = "reconstructed")
        double momentum,
    @Description(
            value = "topk: share of the batch that counts at the start",
            range = "(0, 1]",
            defaultValue = "1",
            source = "reconstructed")
        double rhoStart,
    @Description(
            value = "topk: share of the batch that counts at the end, reached linearly",
            range = "(0, 1]",
            defaultValue = "0.5",
            source = "reconstructed")
        double rhoEnd) {

  /**
   * Share of the batch that counts.
   *
   * @param progress share of the run that is done
   */
  double rho(double progress) {
    return rhoStart + (rhoEnd - rhoStart) * progress;
  }
}
