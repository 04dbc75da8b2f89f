package io.facet.models.train.schedule;

import com.google.auto.service.AutoService;

/** {@code multi-step}: the rate falls by a factor at each milestone. */
@AutoService(Schedule.class)
public final class MultiStep implements Schedule<MultiStepOptions> {
  @Override
  public String key() {
    return "multi-step";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<MultiStepOptions> optionsType() {
    return MultiStepOptions.class;
  }

  @Override
  public String summary() {
    return "Falls by a factor at given epochs";
  }

  @Override
  public double rate(MultiStepOptions options, Span span, long step) {
    long epoch = step / span.stepsPerEpoch() + (options.oneBased() ? 1 : 0);
    long passed = options.milestones().stream().filter(milestone -> epoch >= milestone).count();
    return span.base() * Math.pow(options.factor(), passed);
  }
}
