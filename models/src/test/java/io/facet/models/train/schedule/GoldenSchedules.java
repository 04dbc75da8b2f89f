package io.facet.models.train.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.train.schedule.Schedule.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Golden cases of learning-rate schedules; one step is one epoch. */
@AutoService(GoldenArea.class)
public final class GoldenSchedules implements GoldenArea {
  @Override
  public String area() {
    return "schedules";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("MULTI_STEP", "POLYNOMIAL", "WARMUP_COSINE").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    double base = golden.number("baseLr");
    long warmUp = golden.hasParam("warmupSteps") ? golden.param("warmupSteps").asLong() : 0;
    long total = golden.hasParam("totalSteps") ? golden.param("totalSteps").asLong() : 0;
    Span span = new Span(base, warmUp, total, 1);
    LearningRate rate =
        switch (golden.method()) {
          case "MULTI_STEP" -> LearningRate.of(new MultiStep(), multiStep(golden), span, 0);
          case "POLYNOMIAL" ->
              LearningRate.of(
                  new Polynomial(), new PolynomialOptions(golden.number("power")), span, 0);
          case "WARMUP_COSINE" ->
              LearningRate.of(
                  new Cosine(),
                  new CosineOptions(
                      golden.number("minLr") / base, golden.param("cosineAfterWarmup").asBoolean()),
                  span,
                  golden.number("warmupStartLr") / base);
          default -> throw new AssertionError(golden.method());
        };
    double[] rates =
        LongStream.range(0, golden.param("steps").asLong()).mapToDouble(rate::at).toArray();
    if (golden.expects("lrWithoutQuirk")) {
      // The reference trains its very first step at the full rate; ours starts at the bottom.
      golden.passOver("lr");
      golden.assertClose("lrWithoutQuirk", rates);
    } else {
      golden.assertClose("lr", rates);
    }
  }

  private static MultiStepOptions multiStep(GoldenCase golden) {
    List<Integer> milestones = new ArrayList<>();
    for (JsonNode milestone : golden.param("milestones")) {
      milestones.add(milestone.asInt());
    }
    return new MultiStepOptions(
        milestones, golden.number("gamma"), golden.param("milestoneBase").asInt() == 1);
  }
}
