package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;

/** {@code polynomial}: base (1 - progress)^power. */
@AutoService(Schedule.class)
public final class Polynomial implements Schedule<PolynomialOptions> {
  @Override
  public String key() {
    return "polynomial";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<PolynomialOptions> optionsType() {
    return PolynomialOptions.class;
  }

  @Override
  public String summary() {
    return "Falls to zero as a power of what is left";
  }

  @Override
  public double rate(PolynomialOptions options, Span span, long step) {
    return span.base() * Math.pow(1 - span.progress(step), options.power());
  }
}
