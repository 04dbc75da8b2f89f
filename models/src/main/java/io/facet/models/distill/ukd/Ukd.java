package io.facet.models.distill.ukd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Named;

/**
 * Unified distillation: identities, single embeddings (ILED) and pairs (RPSD) together.
 *
 * <p>{@code loss = identityWeight L_id + iledWeight L_ILED + rpsdWeight L_RPSD}, see {@link Iled}
 * and {@link Rpsd}. Reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "ukd",
    version = 2,
    summary = "single embeddings with hard mining (ILED) and mined pairs with a memory bank (RPSD)",
    source = "reconstructed from the abstract of Mishra and Uikey, arXiv 2508.11376 (IJCB 2025)")
public final class Ukd implements DistillationMethod<Ukd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the identity term; 0 trains without identities",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed",
              formerly = "lamC")
          double identityWeight,
      @Description(
              value = "weight of ILED; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed; 10 is worth a try, the identity term starts near 40",
              formerly = "lamI")
          double iledWeight,
      @Description(
              value = "weight of RPSD; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed; 10 is worth a try, the identity term starts near 40",
              formerly = "lamR")
          double rpsdWeight,
      @Description(
              value =
                  "trained linear map of the student's embedding to the teacher's, for the ILED term",
              defaultValue = "{}")
          AdapterOptions adapter,
      @Inline IledOptions individual,
      @Inline RpsdOptions pairs)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    boolean comparesWidths = options.iledWeight() > 0 && options.adapter().absent();
    boolean readsTeacherBank =
        options.rpsdWeight() > 0 && options.pairs().bankSpace() == BankSpace.TEACHER;
    return MethodNeeds.constantTeacher()
        .with(Need.SAME_EMBEDDING_SIZE, comparesWidths || readsTeacherBank);
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new UnifiedSession()
        .withIndividual(key(), options.iledWeight(), options.individual(), options.adapter(), setup)
        .withPairs(options.rpsdWeight(), options.pairs(), setup);
  }
}
