package io.facet.pipelines.plan;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A kind of step from artifacts to an artifact: ingest, align, distill. Found by {@link
 * java.util.ServiceLoader}; holds no state.
 */
public interface Stage {
  /** Its name, also the folder of its artifacts: lower case and hyphens. */
  String name();

  /** Raised when the same inputs are stored in another form or give other results. */
  int formatVersion();

  /**
   * The record that the recipe's section {@code stages.NAME} is bound to; empty: there is no such
   * section.
   */
  default Optional<Class<? extends Record>> optionsType() {
    return Optional.empty();
  }

  /**
   * The instances a recipe asks for, none if it does not need the stage. Quick: sources may be
   * listed and hashed, nothing is computed.
   */
  List<StageInstance> instances(PlanContext context) throws IOException;

  /**
   * Makes one artifact: writes into the attempt folder only and says what it wrote. Called again in
   * the same folder, with its checkpoints, after a crash.
   */
  StageResult run(StageContext context) throws Exception;
}
