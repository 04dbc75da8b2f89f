package io.facet.pipelines.overview;

/** Whether a page shows faces, which are personal data. */
public enum Pictures {
  /** Nobody asked for them. */
  NOT_ASKED(
      "This page shows no faces. Add --pictures to 'facet report' for small pictures of these pairs."),
  /** The recipe says no. */
  FORBIDDEN("This page shows no faces: the recipe forbids it (report.pictures: false)."),
  /** Asked for, and allowed. */
  SHOWN("Faces are personal data: pass this page on to nobody who may not see them.");

  private final String sentence;

  Pictures(String sentence) {
    this.sentence = sentence;
  }

  /** What the page says about it. */
  String sentence() {
    return sentence;
  }
}
