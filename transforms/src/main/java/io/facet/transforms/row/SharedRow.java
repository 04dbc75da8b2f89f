package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code shared}: an image or a person that is learnt from and measured on: results on such a
 * set would flatter.
 *
 * @param kind {@link #IMAGE} or {@link #IDENTITY}
 * @param set label of the source that is measured or validated on
 * @param source label of the source that is learnt from
 * @param name of the image in the set, or the identity
 * @param twin name of the image in the source, or the identity
 */
public record SharedRow(String kind, String set, String source, String name, String twin)
    implements Serializable {

  /** The same bytes. */
  public static final String IMAGE = "image";

  /** The same person. */
  public static final String IDENTITY = "identity";
}
