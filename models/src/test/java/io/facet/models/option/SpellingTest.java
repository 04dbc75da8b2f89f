package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> METHODS =
      List.of("none", "kd", "rkd", "crd", "cakd", "feature-consistency", "margin-distillation");

  @ParameterizedTest
  @CsvSource({
    "rdk, rkd",
    "cadk, cakd",
    "featureconsistency, feature-consistency",
    "NONE, none",
    "nnoe, none",
    "margin, margin-distillation",
  })
  void whatIsNearIsOffered(String word, String meant) {
    assertThat(Spelling.nearest(word, METHODS)).contains(meant);
    assertThat(Spelling.didYouMean(word, METHODS)).isEqualTo(" (did you mean '" + meant + "'?)");
  }

  @ParameterizedTest
  @CsvSource({"zebra", "xyz", "teacher", "distil"})
  void whatIsFarIsNot(String word) {
    assertThat(Spelling.nearest(word, METHODS)).isEmpty();
    assertThat(Spelling.didYouMean(word, METHODS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ab, ba, 1", "abc, abc, 0", "abc, acb, 1", "'', ab, 2", "kitten, sitting, 3"})
  void aSwapOfNeighboursIsOneMistake(String one, String other, int distance) {
    assertThat(Spelling.distance(one, other)).isEqualTo(distance);
    assertThat(Spelling.distance(other, one)).isEqualTo(distance);
  }
}
