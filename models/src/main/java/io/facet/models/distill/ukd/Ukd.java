package io.facet.models.distill.ukd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;

/** Unified distillation: identities, single embeddings (ILED) and pairs (RPSD) together. */
@AutoService(DistillationMethod.class)
public final class Ukd implements DistillationMethod<Ukd.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the identity term; 0 trains without identities",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double lamC,
      @Description(
              value = "weight of ILED; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed; 10 is worth a try, the identity term starts near 40")
          double lamI,
      @Description(
              value = "weight of RPSD; 0 leaves it out",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed; 10 is worth a try, the identity term starts near 40")
          double lamR,
      @Description(
              value =
                  "trained linear map of the student's embedding to the teacher's, for the ILED term",
              defaultValue = "{}")
          AdapterOptions adapter,
      @Inline IledOptions individual,
      @Inline RpsdOptions pairs) {}

  @Override
  public String key() {
    return "ukd";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "single embeddings with hard mining (ILED) and mined pairs with a memory bank (RPSD)";
  }

  @Override
  public String source() {
    return "reconstructed from the abstract of Mishra and Uikey, arXiv 2508.11376 (IJCB 2025)";
  }

  @Override
  public MethodNeeds needs(Options options) {
    boolean comparesWidths = options.lamI() > 0 && options.adapter().absent();
    boolean readsTeacherBank =
        options.lamR() > 0 && options.pairs().bankSpace() == BankSpace.TEACHER;
    return MethodNeeds.constantTeacher().sameEmbeddingSize(comparesWidths || readsTeacherBank);
  }

  @Override
  public double identityWeight(Options options) {
    return options.lamC();
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new UnifiedSession()
        .withIndividual(key(), options.lamI(), options.individual(), options.adapter(), setup)
        .withPairs(options.lamR(), options.pairs(), setup);
  }
}
