package io.facet.pipelines.leaderboard;

import io.facet.transforms.row.LeaderboardRow;
import java.io.Serializable;

/**
 * One line of a leaderboard over many runs, as it is exported.
 *
 * @param set name of the verification set
 * @param protocol of the accuracy
 * @param pairsDigest of the pairs and their crops; lines with another one are not comparable
 * @param pairs in the set
 * @param rank by accuracy, from 1
 * @param name shown: the method, with a part of the digest where several would share it
 * @param role {@code teacher} or {@code student}
 * @param method of distillation, empty for teachers
 * @param teacher of students, empty if none
 * @param network key of the backbone
 * @param trainingData digest of what it was trained on, empty for imported networks
 * @param configuration digest of everything that decides it but the seed
 * @param seeds how many
 * @param accuracy in 0..1, mean over seeds
 * @param deviation over seeds
 * @param low lower end of the interval
 * @param high upper end
 * @param seedLow lower end of Student's t interval over seeds, NaN for one seed
 * @param seedHigh upper end
 * @param baseline what it is compared with; empty if it is not
 * @param difference to the baseline on the same pairs
 * @param differenceLow lower end of its interval
 * @param differenceHigh upper end
 * @param differenceSeedLow lower end of Student's t interval over seeds, NaN without one
 * @param differenceSeedHigh upper end
 * @param pValue by bootstrap
 * @param adjustedPValue after Holm's correction within the table
 * @param lowestPValue the lowest that the rounds can give after the correction
 * @param rounds of the bootstrap
 * @param milliseconds an image, NaN if not measured
 * @param memory bytes that the model takes beside its engine, NaN if not measured
 * @param parameters of the network
 */
public record BoardRow(
    String set,
    String protocol,
    String pairsDigest,
    int pairs,
    int rank,
    String name,
    String role,
    String method,
    String teacher,
    String network,
    String trainingData,
    String configuration,
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
    double milliseconds,
    double memory,
    long parameters)
    implements Serializable {

  /**
   * What is known of a model beside its figures.
   *
   * @param method of distillation, empty for teachers
   * @param teacher of students, empty if none
   * @param network key of the backbone
   * @param trainingData digest, empty for imported networks
   * @param configuration digest of everything that decides it but the seed
   * @param cost as far as it was measured
   */
  record About(
      String method,
      String teacher,
      String network,
      String trainingData,
      String configuration,
      Cost cost) {}

  /** A ranked line with what else is known. */
  static BoardRow of(LeaderboardRow row, String pairsDigest, int pairs, About about) {
    return new BoardRow(
        row.set(),
        row.protocol(),
        pairsDigest,
        pairs,
        row.rank(),
        row.name(),
        row.role(),
        about.method(),
        about.teacher(),
        about.network(),
        about.trainingData(),
        about.configuration(),
        row.seeds(),
        row.accuracy(),
        row.deviation(),
        row.low(),
        row.high(),
        row.seedLow(),
        row.seedHigh(),
        row.baseline(),
        row.difference(),
        row.differenceLow(),
        row.differenceHigh(),
        row.differenceSeedLow(),
        row.differenceSeedHigh(),
        row.pValue(),
        row.adjustedPValue(),
        row.lowestPValue(),
        row.rounds(),
        about.cost().milliseconds(),
        about.cost().memory(),
        row.parameters());
  }

  /** The figures alone. */
  public LeaderboardRow figures() {
    return new LeaderboardRow(
        rank,
        set,
        protocol,
        name,
        role,
        seeds,
        accuracy,
        deviation,
        low,
        high,
        seedLow,
        seedHigh,
        baseline,
        difference,
        differenceLow,
        differenceHigh,
        differenceSeedLow,
        differenceSeedHigh,
        pValue,
        adjustedPValue,
        lowestPValue,
        rounds,
        parameters);
  }
}
