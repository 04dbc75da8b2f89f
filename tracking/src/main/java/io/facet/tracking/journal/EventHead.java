package io.facet.tracking.journal;

/**
 * What a first look at an event tells.
 *
 * @param kind its kind, as written in the journal
 * @param run uuid of its run
 */
public record EventHead(String kind, String run) {

  /** Whether it begins a run. */
  public boolean start() {
    return kind.equals("start");
  }

  /** Whether it ends a run. */
  public boolean end() {
    return kind.equals("end");
  }

  /** Whether it names an artifact. */
  public boolean artifact() {
    return kind.equals("artifact");
  }
}
