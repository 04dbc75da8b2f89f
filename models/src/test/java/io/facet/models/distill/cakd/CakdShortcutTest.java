package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.distill.cakd.DrawnTokens.Student;
import io.facet.models.tensor.Torch;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether CAKD's terms can fall without a student that is like its teacher. */
class CakdShortcutTest {
  private static final int STEPS = 800;

  private static final String OPTIONS =
      "{\"form\": \"%s\", \"mapping\": \"%s\", \"prompts\": \"none\", \"locals\": 9, \"width\": 32, \"heads\": 2}";

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INDEPENDENT", "ONE_FACTOR"})
  void aStudentThatKnowsLittleOfTheTeacherKeepsTheTermsHigh(Student student) {
    assertTermsStay("anchored", "urfm", student);
  }

  @Tag("soak")
  @ParameterizedTest
  @CsvSource({"ema, urfm", "anchored, pooling", "ema, pooling"})
  void soItIsInTheOtherForms(String form, String mapping) {
    assertTermsStay(form, mapping, Student.INDEPENDENT);
    assertTermsStay(form, mapping, Student.ONE_FACTOR);
  }

  private static void assertTermsStay(String form, String mapping, Student student) {
    try (TokenTraining training = new TokenTraining(OPTIONS.formatted(form, mapping), student, 1)) {
      Map<String, Double> start = training.train();
      while (training.steps() < STEPS) {
        Map<String, Double> now = training.train();
        for (String term : new String[] {"attention", "local"}) {
          assertThat(now.get(term))
              .as("%s at step %d", term, training.steps())
              .isGreaterThan(start.get(term) / 2);
        }
      }
      assertThat(training.session().alarms()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"anchored, urfm", "ema, urfm", "anchored, pooling"})
  void aStudentThatKnowsTheTeacherBringsTheTermsDown(String form, String mapping) {
    try (TokenTraining training =
        new TokenTraining(OPTIONS.formatted(form, mapping), Student.MIXED, 1)) {
      Map<String, Double> start = training.train();
      Map<String, Double> now = start;
      while (training.steps() < STEPS && !halved(start, now)) {
        now = training.train();
      }
      assertThat(now.get("attention")).isLessThan(start.get("attention") / 2);
      assertThat(now.get("local")).isLessThan(start.get("local") / 2);
    }
  }

  private static boolean halved(Map<String, Double> start, Map<String, Double> now) {
    return now.get("attention") < start.get("attention") / 2
        && now.get("local") < start.get("local") / 2;
  }

  @Test
  void readLiterallyTheTermsAreSolvedWithoutTheStudentAndTheAlarmRings() {
    try (TokenTraining training =
        new TokenTraining(OPTIONS.formatted("literal", "urfm"), Student.INDEPENDENT, 1)) {
      Map<String, Double> start = training.train();
      Map<String, Double> now = start;
      Map<String, String> alarms = Map.of();
      while (training.steps() < STEPS && alarms.isEmpty()) {
        now = training.train();
        alarms = training.session().alarms();
      }
      assertThat(now.get("attention")).isLessThan(start.get("attention") / 2);
      assertThat(now.get("local")).isLessThan(start.get("local") / 10);
      assertThat(alarms.values())
          .isNotEmpty()
          .allSatisfy(a -> assertThat(a).contains("form: anchored"));
    }
  }

  @ParameterizedTest
  @CsvSource({"16, 1, 1", "32, 4, 20", "128, 8, 1", "512, 8, 20"})
  void theTermsStartAlikeAtAnyWidthAndScale(int width, int heads, double scale) {
    String options =
        "{\"prompts\": \"none\", \"locals\": 9, \"width\": %d, \"heads\": %d}"
            .formatted(width, heads);
    try (TokenTraining training = new TokenTraining(options, Student.INDEPENDENT, scale)) {
      Map<String, Double> start = training.train();
      assertThat(start.get("attention") / start.get("local")).isBetween(0.5, 2.0);
      assertThat(start.get("local")).isBetween(1.0, 3.0);
    }
  }
}
