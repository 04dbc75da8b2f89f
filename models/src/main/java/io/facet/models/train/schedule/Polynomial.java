package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code polynomial}: base (1 - progress)^power. */
@AutoService(Schedule.class)
@Named(key = "polynomial", version = 1, summary = "Falls to zero as a power of what is left")
public final class Polynomial implements Schedule<PolynomialOptions> {
  @Override
  public double rate(PolynomialOptions options, Span span, long step) {
    return span.base() * Math.pow(1 - span.progress(step), options.power());
  }
}
