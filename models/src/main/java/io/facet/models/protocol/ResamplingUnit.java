package io.facet.models.protocol;

/** What a bootstrap of a verification set draws anew. */
public enum ResamplingUnit {
  /** People: all pairs of a person come and go together. */
  IDENTITY("bootstrap-identity-v1"),
  /** Pairs, as if no two of them had a person in common. */
  PAIR("bootstrap-pair-v1");

  private final String protocol;

  ResamplingUnit(String protocol) {
    this.protocol = protocol;
  }

  /** Name of the scheme in protocol names. */
  public String protocol() {
    return protocol;
  }
}
