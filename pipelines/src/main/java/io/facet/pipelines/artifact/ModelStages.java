package io.facet.pipelines.artifact;

import io.facet.pipelines.stage.Stages;
import java.util.List;

/** Stages whose artifacts are models that are measured. */
public final class ModelStages {
  /** Their names, in the order of a run. */
  public static final List<String> NAMES = List.of(Stages.TEACHER, Stages.DISTILL, Stages.EXPORT);

  private ModelStages() {}
}
