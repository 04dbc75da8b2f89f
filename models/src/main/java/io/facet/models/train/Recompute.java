package io.facet.models.train;

import io.facet.models.train.teacher.TeacherOutputs;

/** What training computes twice to save memory. */
public enum Recompute {
  /** Nothing. */
  NONE,
  /** The blocks of transformers that derivatives pass through: again in the backward pass. */
  BLOCKS;

  /** Tells the networks of a run. */
  void apply(TrainingSetup setup) {
    if (this == NONE) {
      return;
    }
    boolean helps = setup.student().hasBlocks();
    if (helps) {
      setup.student().recomputeBlocks();
    }
    for (TeacherOutputs teacher : setup.teachers()) {
      helps |= teacher.recomputeBlocks();
    }
    if (!helps) {
      setup
          .listener()
          .warned(
              0,
              "recompute: blocks has no effect here: neither the student nor a teacher whose prompts learn is a transformer");
    }
  }
}
