package io.facet.models.distill.ukd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Named;

/**
 * RPSD alone: similarities of pairs, also with a memory bank, follow the teacher's.
 *
 * <p>{@code loss = mean over mined (i, j) of (cos(s_i, s_j) - cos(t_i, t_j))^2}, j in the batch and
 * in the memory bank, the k largest differences of each i. Reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "rpsd",
    version = 2,
    summary = "similarities of mined pairs with a memory bank, the second half of ukd",
    source = "reconstructed from the abstract of Mishra and Uikey, arXiv 2508.11376 (IJCB 2025)")
public final class Rpsd implements DistillationMethod<Rpsd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the similarity term",
              range = "(0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double weight,
      @Description(
              value = "weight of the identity term beside it; 0 trains by similarities alone",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double identityWeight,
      @Inline RpsdOptions pairs)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .with(Need.SAME_EMBEDDING_SIZE, options.pairs().bankSpace() == BankSpace.TEACHER);
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new UnifiedSession().withPairs(options.weight(), options.pairs(), setup);
  }
}
