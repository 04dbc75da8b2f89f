package io.facet.models.distill.ukd;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Named;

/**
 * ILED alone: individual embeddings take the teacher's direction, hard samples first.
 *
 * <p>{@code loss = sum w_i e_i / sum w_i}, {@code e_i = 2 - 2 cos(s_i, t_i)}, {@code w_i = 1 +
 * kappa [e_i > m]}, m the running mean of e. Reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "iled",
    version = 2,
    summary = "directions of single embeddings with dynamic hard mining, the first half of ukd",
    source = "reconstructed from the abstract of Mishra and Uikey, arXiv 2508.11376 (IJCB 2025)")
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
      @Adapter AdapterOptions adapter,
      @Inline IledOptions mining)
      implements IdentityTerm {}

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new UnifiedSession()
        .withIndividual(key(), options.weight(), options.mining(), options.adapter(), setup);
  }
}
