package io.facet.models.protocol;

/**
 * True accept rate at a false accept rate, read off the {@link RocCurve}. It needs {@link
 * #pairsNeeded} different pairs.
 */
public final class TarAtFar {

  /** How a point of the curve is chosen. */
  public enum Rule {
    /** The highest true accept rate whose false accept rate does not exceed the target. */
    STRICT(Protocols.TAR_STRICT),
    /**
     * The bend of the curve with the false accept rate nearest to the target, the highest true
     * accept rate among equally near ones: the rule behind published IJB figures.
     */
    NEAREST(Protocols.TAR_NEAREST),
    /** As {@link #NEAREST}, among all points. */
    NEAREST_ALL_POINTS(Protocols.TAR_NEAREST_ALL_POINTS);

    private final String protocol;

    Rule(String protocol) {
      this.protocol = protocol;
    }

    /** Name of the protocol in metrics rows. */
    public String protocol() {
      return protocol;
    }
  }

  /** 1 / 0.001 and the like need not be whole numbers in floating point. */
  private static final double ROUNDING = 1e-6;

  private TarAtFar() {}

  /**
   * Reads one rate.
   *
   * @param target false accept rate, in 0..1
   */
  public static double measure(RocCurve curve, double target, Rule rule) {
    return point(curve, target, rule).trueAcceptRate();
  }

  /** The point of the curve that the rate is read from. */
  public static RocCurve.Point point(RocCurve curve, double target, Rule rule) {
    return curve.point(rule == Rule.STRICT ? strict(curve, target) : nearest(curve, target, rule));
  }

  /**
   * How many different pairs a rate needs: with fewer, one wrong pair is more than the target, and
   * the figure says nothing about it.
   *
   * @param target false accept rate, in (0, 1]
   * @return 1 / target, rounded up
   */
  public static long pairsNeeded(double target) {
    return (long) Math.ceil(1 / target - ROUNDING);
  }

  private static int strict(RocCurve curve, double target) {
    int best = 0;
    for (int i = 0; i < curve.size() && curve.falseAcceptRate(i) <= target; i++) {
      best = i;
    }
    return best;
  }

  private static int nearest(RocCurve curve, double target, Rule rule) {
    double distance = Double.POSITIVE_INFINITY;
    int best = 0;
    for (int i = 0; i < curve.size(); i++) {
      if (rule == Rule.NEAREST && !curve.isCorner(i)) {
        continue;
      }
      double d = Math.abs(curve.falseAcceptRate(i) - target);
      if (d < distance || (d == distance && curve.trueAcceptRate(i) > curve.trueAcceptRate(best))) {
        distance = d;
        best = i;
      }
    }
    return best;
  }
}
