package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;

/** {@code cosine}: half a cosine from the base rate down to the lowest. */
@AutoService(Schedule.class)
public final class Cosine implements Schedule<CosineOptions> {
  @Override
  public String key() {
    return "cosine";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<CosineOptions> optionsType() {
    return CosineOptions.class;
  }

  @Override
  public String summary() {
    return "Half a cosine wave down to the lowest rate";
  }

  @Override
  public double rate(CosineOptions options, Span span, long step) {
    double progress =
        options.afterWarmUp()
            ? span.progress(step)
            : Math.min(1, (double) step / Math.max(1, span.totalSteps()));
    double lowest = options.lowest() * span.base();
    return lowest + (span.base() - lowest) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
