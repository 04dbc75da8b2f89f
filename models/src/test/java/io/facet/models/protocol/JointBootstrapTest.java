package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JointBootstrapTest {
  private static final int PAIRS = 300;

  private static boolean[][] verdicts(SplittableRandom random, int seeds, double right) {
    boolean[][] verdicts = new boolean[seeds][PAIRS];
    for (boolean[] ofSeed : verdicts) {
      for (int i = 0; i < PAIRS; i++) {
        ofSeed[i] = random.nextDouble() < right;
      }
    }
    return verdicts;
  }

  private static List<JointBootstrap.Question> questions() {
    SplittableRandom random = new SplittableRandom(3);
    boolean[][] alone = verdicts(random, 1, 0.8);
    boolean[][] three = verdicts(random, 3, 0.7);
    List<JointBootstrap.Question> questions = new ArrayList<>();
    questions.add(new JointBootstrap.Question(alone, Optional.empty()));
    questions.add(new JointBootstrap.Question(three, Optional.of(alone)));
    questions.add(new JointBootstrap.Question(alone, Optional.of(three)));
    questions.add(new JointBootstrap.Question(alone, Optional.of(alone)));
    for (double right : new double[] {0, 0.1, 0.5, 0.97, 1}) {
      questions.add(new JointBootstrap.Question(verdicts(random, 1, right), Optional.of(alone)));
      questions.add(new JointBootstrap.Question(verdicts(random, 3, right), Optional.of(three)));
    }
    return questions;
  }

  private static void assertSameAsAlone(Resampling pairs) {
    for (int rounds : new int[] {1, 2, 39, 65, 400}) {
      for (double confidence : new double[] {0.5, 0.95, 0.999}) {
        List<JointBootstrap.Question> questions = questions();
        List<JointBootstrap.Answer> answers =
            JointBootstrap.answers(pairs, questions, confidence, rounds, 7);
        for (int i = 0; i < answers.size(); i++) {
          boolean[][] correct = questions.get(i).correct();
          assertThat(answers.get(i).accuracy())
              .isEqualTo(Bootstrap.accuracy(pairs, correct, confidence, rounds, 7));
          assertThat(answers.get(i).comparison())
              .isEqualTo(
                  questions
                      .get(i)
                      .opponent()
                      .map(o -> Bootstrap.compare(pairs, correct, o, confidence, rounds, 7)));
        }
      }
    }
  }

  @Test
  void peopleDrawnTogetherGiveTheBitsOfEachAlone() {
    boolean[] same = new boolean[PAIRS];
    long[] left = new long[PAIRS];
    long[] right = new long[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      same[i] = i % 2 == 0;
      left[i] = i % 12;
      right[i] = same[i] ? left[i] : (left[i] + 1 + i / 12 % 11) % 12;
    }
    assertSameAsAlone(Resampling.byIdentity(same, left, right));
  }

  @Test
  void pairsDrawnTogetherGiveTheBitsOfEachAlone() {
    boolean[] same = new boolean[PAIRS];
    for (int i = 0; i < PAIRS; i += 3) {
      same[i] = true;
    }
    assertSameAsAlone(Resampling.byPair(same));
  }

  @Test
  void seedsThatCannotBeMatchedAreRefused() {
    SplittableRandom random = new SplittableRandom(1);
    Resampling pairs = Resampling.byPair(new boolean[PAIRS]);
    JointBootstrap.Question unlike =
        new JointBootstrap.Question(
            verdicts(random, 2, 0.5), Optional.of(verdicts(random, 3, 0.5)));
    assertThatThrownBy(() -> JointBootstrap.answers(pairs, List.of(unlike), 0.95, 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("verdicts of 2 and 3 seeds");
  }
}
