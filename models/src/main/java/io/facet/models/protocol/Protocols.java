package io.facet.models.protocol;

/**
 * Stable names of the protocols, written into every metrics row. A name is never reused: a protocol
 * whose figures change gets a new version.
 */
public final class Protocols {
  /** {@link TenFoldAccuracy} on squared distances. */
  public static final String TEN_FOLD_ACCURACY = "lfw-10fold-v1";

  /** {@link ValAtFar}. */
  public static final String VAL_AT_FAR = "val-at-far-v1";

  /** {@link TarAtFar.Rule#STRICT}. */
  public static final String TAR_STRICT = "tar-at-far-strict-v1";

  /** {@link TarAtFar.Rule#NEAREST}. */
  public static final String TAR_NEAREST = "tar-at-far-nearest-v1";

  /** {@link TarAtFar.Rule#NEAREST_ALL_POINTS}. */
  public static final String TAR_NEAREST_ALL_POINTS = "tar-at-far-nearest-all-points-v1";

  /** {@link RocCurve#areaUnderCurve()}. */
  public static final String ROC = "roc-v1";

  /** {@link IjbTemplates} scores. */
  public static final String IJB_TEMPLATES = "ijb-1to1-v1";

  /** {@link OneToN}. */
  public static final String ONE_TO_N = "one-to-n-v1";

  private Protocols() {}
}
