package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;

/** {@code constant}: the base rate throughout. */
@AutoService(Schedule.class)
public final class Constant implements Schedule<ConstantOptions> {
  @Override
  public String key() {
    return "constant";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<ConstantOptions> optionsType() {
    return ConstantOptions.class;
  }

  @Override
  public String summary() {
    return "The same rate throughout";
  }

  @Override
  public double rate(ConstantOptions options, Span span, long step) {
    return span.base();
  }
}
