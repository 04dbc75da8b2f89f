package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code leaderboard}: one model on one verification set, beside the baseline.
 *
 * @param rank on this set by accuracy, from 1
 * @param set name of the verification set
 * @param protocol of the accuracy
 * @param model name of the model in the run
 * @param role {@code teacher} or {@code student}
 * @param method distillation method, empty for teachers
 * @param seed of its training, 0 if it had none
 * @param accuracy in 0..1
 * @param low lower end of its interval
 * @param high upper end of its interval
 * @param baseline model it is compared with on the same pairs, empty if none
 * @param difference accuracy minus the baseline's, 0 without one
 * @param differenceLow lower end of the difference's interval
 * @param differenceHigh upper end of the difference's interval
 * @param pValue two-sided sign test over the pairs both judge differently, 1 without a baseline
 * @param parameters of the network
 */
public record LeaderboardRow(
    int rank,
    String set,
    String protocol,
    String model,
    String role,
    String method,
    long seed,
    double accuracy,
    double low,
    double high,
    String baseline,
    double difference,
    double differenceLow,
    double differenceHigh,
    double pValue,
    long parameters)
    implements Serializable {}
