package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code multi-step}: the rate falls by a factor at each milestone. */
@AutoService(Schedule.class)
@Named(key = "multi-step", version = 1, summary = "Falls by a factor at given epochs")
public final class MultiStep implements Schedule<MultiStepOptions> {
  @Override
  public double rate(MultiStepOptions options, Span span, long step) {
    long epoch = step / span.stepsPerEpoch() + (options.oneBased() ? 1 : 0);
    long passed = options.milestones().stream().filter(milestone -> epoch >= milestone).count();
    return span.base() * Math.pow(options.factor(), passed);
  }
}
