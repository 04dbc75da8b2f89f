package io.facet.models.face;

/** Whether the images of a source are template crops already, which no detector looks at again. */
public enum AlignedImages {
  /** Those without landmarks whose size is that of the template are. */
  AUTO,
  /** All are; one of another size is rejected. */
  TRUE,
  /** None is. */
  FALSE;

  /** What {@code aligned} means, for the options of sources. */
  public static final String DESCRIPTION =
      "Whether its images are aligned crops, which are taken as they are: true, false, or auto (those"
          + " without landmarks that have the size of align.template).";

  /**
   * Whether an image is a crop.
   *
   * @param hasLandmarks whether its source gives some
   */
  public boolean isCrop(int width, int height, boolean hasLandmarks, FaceTemplate template) {
    return this == TRUE
        || (this == AUTO
            && !hasLandmarks
            && width == template.width()
            && height == template.height());
  }
}
