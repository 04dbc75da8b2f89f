package io.facet.models.protocol;

import io.facet.models.DataException;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * One method's figure over its training seeds.
 *
 * @param seeds number of seeds
 * @param mean over the seeds
 * @param deviation sample standard deviation; 0 for one seed
 * @param low lower end of Student's 95 % interval of the mean; the mean itself for one seed
 * @param high upper end
 */
public record SeedSummary(int seeds, double mean, double deviation, double low, double high) {

  /**
   * Summarises one value a seed.
   *
   * @throws DataException if there is none
   */
  public static SeedSummary of(double... values) {
    if (values.length == 0) {
      throw new DataException("no seed to summarise");
    }
    double mean = Moments.mean(values);
    double deviation = Moments.sampleDeviation(values);
    double half = 0;
    if (values.length > 1) {
      half =
          new TDistribution(values.length - 1).inverseCumulativeProbability(0.975)
              * deviation
              / Math.sqrt(values.length);
    }
    return new SeedSummary(values.length, mean, deviation, mean - half, mean + half);
  }
}
