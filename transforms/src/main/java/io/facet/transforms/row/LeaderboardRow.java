package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code leaderboard}: one method or teacher on one verification set, over all seeds of its
 * training, beside the baseline.
 *
 * @param rank on this set by accuracy, from 1
 * @param set name of the verification set
 * @param protocol of the accuracy
 * @param name method of students, name of a teacher
 * @param role {@code teacher}, {@code student} or {@code champion}
 * @param seeds how many seeds it was trained with, 1 for a teacher
 * @param accuracy in 0..1, mean over the seeds
 * @param deviation sample standard deviation over the seeds, 0 for one
 * @param low lower end of the accuracy's interval, over seeds and pairs
 * @param high upper end
 * @param baseline what it is compared with on the same pairs, empty if it is not
 * @param difference accuracy minus the baseline's, 0 without one
 * @param differenceLow lower end of the difference's interval
 * @param differenceHigh upper end
 * @param pValue two-sided, by bootstrap over seeds and pairs, 1 without a baseline
 * @param adjustedPValue the same after Holm's correction for all comparisons on this set
 * @param parameters of the network
 */
public record LeaderboardRow(
    int rank,
    String set,
    String protocol,
    String name,
    String role,
    int seeds,
    double accuracy,
    double deviation,
    double low,
    double high,
    String baseline,
    double difference,
    double differenceLow,
    double differenceHigh,
    double pValue,
    double adjustedPValue,
    long parameters)
    implements Serializable {}
