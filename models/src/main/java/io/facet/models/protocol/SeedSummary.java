package io.facet.models.protocol;

import io.facet.models.DataException;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * One method's figure over its training seeds.
 *
 * @param seeds number of seeds
 * @param mean over the seeds
 * @param deviation sample standard deviation; 0 for one seed
 * @param low lower end of Student's t interval of the mean, with seeds - 1 degrees of freedom; NaN
 *     for one seed, which says nothing about others
 * @param high upper end
 */
public record SeedSummary(int seeds, double mean, double deviation, double low, double high) {

  /**
   * Summarises one value a seed.
   *
   * @param confidence coverage of the interval, in (0, 1), such as 0.95
   * @throws DataException if there is none
   */
  public static SeedSummary of(double confidence, double[] values) {
    if (values.length == 0) {
      throw new DataException("no seed to summarise");
    }
    double mean = Moments.mean(values);
    double deviation = Moments.sampleDeviation(values);
    double half = Double.NaN;
    if (values.length > 1) {
      half =
          new TDistribution(values.length - 1).inverseCumulativeProbability((1 + confidence) / 2)
              * deviation
              / Math.sqrt(values.length);
    }
    return new SeedSummary(values.length, mean, deviation, mean - half, mean + half);
  }
}
