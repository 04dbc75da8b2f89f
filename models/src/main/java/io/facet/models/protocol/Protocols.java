package io.facet.models.protocol;

/**
 * Stable names of the protocols, written into every metrics row. A name is never reused: a protocol
 * whose figures change gets a new version.
 */
public final class Protocols {
  /**
   * {@link TenFoldAccuracy} on squared distances, with the list's own folds or, if it has none,
   * {@link EvenFolds}: one list gives one figure in whatever format it is stored.
   */
  public static final String TEN_FOLD_ACCURACY = "lfw-10fold-v2";

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

  private static final String FLIP = "flip";
  private static final char JOIN = '+';

  private Protocols() {}

  /**
   * Name of a figure's protocol with all that bears on it: {@code
   * lfw-10fold-v2+flip+bootstrap-identity-v1}.
   *
   * @param figure one of the names above
   * @param flipFusion whether embeddings are sums of an image's and its mirror image's
   */
  public static String name(String figure, boolean flipFusion) {
    return flipFusion ? figure + JOIN + FLIP : figure;
  }

  /**
   * Name of a figure of templates with what its features were made of, {@code
   * ijb-1to1-v1+tar-at-far-nearest-v1}: {@code +normalised} and {@code +no-detector-score} where
   * that is not as in published figures.
   *
   * @param figure one of the names above
   */
  public static String ofTemplates(String figure, IjbTemplates.Options features) {
    String own =
        figure.equals(ONE_TO_N) || figure.equals(IJB_TEMPLATES)
            ? figure
            : IJB_TEMPLATES + JOIN + figure;
    return own
        + (features.keepNorm() ? "" : "+normalised")
        + (features.detectorScore() ? "" : "+no-detector-score");
  }

  /** The same of a figure with an interval. */
  public static String name(String figure, boolean flipFusion, ResamplingUnit interval) {
    return name(figure, flipFusion) + JOIN + interval.protocol();
  }

  /** A name without what it says of the interval: what the figure itself depends on. */
  public static String withoutInterval(String name) {
    for (ResamplingUnit unit : ResamplingUnit.values()) {
      if (name.endsWith(JOIN + unit.protocol())) {
        return name.substring(0, name.length() - unit.protocol().length() - 1);
      }
    }
    return name;
  }
}
