package io.facet.models.train;

/** What a run trains, each with an optimiser of its own. */
public enum TrainedPart {
  /** The network that is kept. */
  NETWORK("student"),
  /** Class weights of the identity term. */
  HEAD("head"),
  /** Maps that a method trains and that are dropped at inference. */
  ADAPTERS("adapters"),
  /** Prompts of the teacher. */
  PROMPTS("prompts");

  private final String group;

  TrainedPart(String group) {
    this.group = group;
  }

  /** Its name in checkpoints. */
  String group() {
    return group;
  }
}
