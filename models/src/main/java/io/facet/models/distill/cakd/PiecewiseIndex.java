package io.facet.models.distill.cakd;

/**
 * The piecewise index function of iRPE: near distances keep their own bucket, far ones share them
 * logarithmically.
 *
 * @param near up to here a distance is rounded to its own bucket (alpha)
 * @param limit no bucket beyond this number (beta)
 * @param far distance at which the limit is reached (gamma)
 * @param roundFirst whether the distance is rounded before the rule, as iRPE does for Euclidean
 *     distances
 */
public record PiecewiseIndex(double near, double limit, double far, boolean roundFirst) {
  /** iRPE's proportions 1 : 2 : 8 at a ratio; the published ratio is 1.9. */
  public static PiecewiseIndex ofRatio(double ratio, boolean roundFirst) {
    return new PiecewiseIndex(ratio, 2 * ratio, 8 * ratio, roundFirst);
  }

  /** Bucket of a distance, in {@code [-offset(), offset()]}. */
  public int index(double distance) {
    double x = roundFirst ? Math.rint(distance) : distance;
    double size = Math.abs(x);
    if (size <= near) {
      return (int) Math.rint(x);
    }
    double logarithmic =
        Math.rint(near + Math.log(size / near) / Math.log(far / near) * (limit - near));
    return (int) (Math.signum(x) * Math.min(logarithmic, limit));
  }

  /** Added to an index to address a table. */
  public int offset() {
    return (int) limit;
  }

  /** Rows of a table that holds every bucket. */
  public int buckets() {
    return 2 * offset() + 1;
  }
}
