package io.facet.models.distill.ukd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;

/** ILED alone: individual embeddings take the teacher's direction, hard samples first. */
@AutoService(DistillationMethod.class)
public final class Iled implements DistillationMethod<Iled.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the embedding term",
              range = "(0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double weight,
      @Description(
              value = "weight of the identity term beside it; 0 trains by embeddings alone",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double identityWeight,
      @Description(
              value = "trained linear map of the student's embedding to the teacher's",
              defaultValue = "{}")
          AdapterOptions adapter,
      @Inline IledOptions mining) {}

  @Override
  public String key() {
    return "iled";
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
    return "directions of single embeddings with dynamic hard mining, the first half of ukd";
  }

  @Override
  public String source() {
    return "reconstructed from the abstract of Mishra and Uikey, arXiv 2508.11376 (IJCB 2025)";
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().sameEmbeddingSize(options.adapter().absent());
  }

  @Override
  public double identityWeight(Options options) {
    return options.identityWeight();
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new UnifiedSession()
        .withIndividual(key(), options.weight(), options.mining(), options.adapter(), setup);
  }
}
