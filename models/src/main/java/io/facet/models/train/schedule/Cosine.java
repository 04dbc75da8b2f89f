package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code cosine}: half a cosine from the base rate down to the lowest. */
@AutoService(Schedule.class)
@Named(key = "cosine", version = 1, summary = "Half a cosine wave down to the lowest rate")
public final class Cosine implements Schedule<CosineOptions> {
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
