package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code leaderboard}: one method or teacher on one verification set, over all seeds of its
 * training, beside the baseline.
 *
 * @param rank on this set by accuracy, from 1
 * @param set name of the verification set
 * @param protocol of the accuracy and its interval
 * @param name method of students, name of a teacher
 * @param role {@code teacher}, {@code student} or {@code champion}
 * @param seeds how many seeds it was trained with, 1 for a teacher
 * @param accuracy in 0..1, mean over the seeds
 * @param deviation sample standard deviation over the seeds, 0 for one
 * @param low lower end of the accuracy's interval by bootstrap over seeds and people or pairs; with
 *     one seed, what other seeds would give is not part of it
 * @param high upper end
 * @param seedLow lower end of Student's t interval of the seeds' mean; NaN for one seed
 * @param seedHigh upper end
 * @param baseline what it is compared with on the same pairs, empty if it is not
 * @param difference accuracy minus the baseline's, 0 without one
 * @param differenceLow lower end of the difference's interval
 * @param differenceHigh upper end
 * @param differenceSeedLow lower end of Student's t interval of the differences seed by seed; NaN
 *     for one seed or without a baseline
 * @param differenceSeedHigh upper end
 * @param pValue two-sided, by bootstrap as the interval, 1 without a baseline
 * @param adjustedPValue the same after Holm's correction for all comparisons on this set
 * @param lowestPValue the lowest that the rounds can give after Holm's correction, 1 without a
 *     baseline
 * @param rounds of the bootstrap
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
    double seedLow,
    double seedHigh,
    String baseline,
    double difference,
    double differenceLow,
    double differenceHigh,
    double differenceSeedLow,
    double differenceSeedHigh,
    double pValue,
    double adjustedPValue,
    double lowestPValue,
    int rounds,
    long parameters)
    implements Serializable {}
