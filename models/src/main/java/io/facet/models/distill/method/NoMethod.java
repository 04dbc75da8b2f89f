package io.facet.models.distill.method;

import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.option.Named;

/** No teacher: the student learns from identities alone, the baseline of every comparison. */
@AutoService(DistillationMethod.class)
@Named(key = "none", version = 1, summary = "no teacher: the margin softmax over identities alone")
public final class NoMethod implements DistillationMethod<NoMethod.Options> {
  /** There is nothing to choose. */
  public record Options() {}

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.none();
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return MethodSession.of(inputs -> new TermLosses());
  }
}
