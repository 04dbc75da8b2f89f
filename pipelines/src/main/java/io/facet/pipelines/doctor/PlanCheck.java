package io.facet.pipelines.doctor;

import io.facet.pipelines.plan.Plan;
import java.util.concurrent.Callable;

/**
 * The recipe as a whole: every stage can be planned, weights files are those it names, training and
 * verification share nobody.
 *
 * @param planning plans it
 */
public record PlanCheck(Callable<Plan> planning) implements Check {
  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String look() throws Exception {
    Plan plan = planning.call();
    long cached = plan.instances().stream().filter(p -> p.cached().isPresent()).count();
    return "%d stages, %d cached".formatted(plan.instances().size(), cached);
  }

  @Override
  public String cure() {
    return "correct what is named above";
  }
}
