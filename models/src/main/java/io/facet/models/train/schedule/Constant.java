package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code constant}: the base rate throughout. */
@AutoService(Schedule.class)
@Named(key = "constant", version = 1, summary = "The same rate throughout")
public final class Constant implements Schedule<ConstantOptions> {
  @Override
  public double rate(ConstantOptions options, Span span, long step) {
    return span.base();
  }
}
