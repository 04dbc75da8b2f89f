package io.facet.pipelines.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimateTest {
  private static StageEstimate stage(String name, double seconds, boolean divisible) {
    return new StageEstimate(name, "measured", seconds, divisible, 1);
  }

  @Test
  void slotsShareWhatCanBeDividedAndTrainOneNetworkEach() {
    List<StageEstimate> stages =
        List.of(
            stage("ingest", 80, true),
            stage("distill[a#1]", 100, false),
            stage("distill[b#1]", 100, false),
            stage("distill[c#1]", 40, false),
            new StageEstimate("publish", "not in the store", Double.NaN, false, Double.NaN));

    assertThat(new Estimate(stages, 1).stageSeconds())
        .isEqualTo(Map.of("ingest", 80.0, "distill", 240.0));
    assertThat(new Estimate(stages, 2).stageSeconds())
        .isEqualTo(Map.of("ingest", 40.0, "distill", 120.0));
    assertThat(new Estimate(stages, 8).stageSeconds())
        .isEqualTo(Map.of("ingest", 10.0, "distill", 100.0));
    assertThat(new Estimate(stages, 8).bottleneck()).contains("distill");
    assertThat(new Estimate(List.of(), 8).bottleneck()).isEmpty();
  }

  @Test
  void sizesAreNumbersOrNamesOfKnownSets() {
    assertThat(DatasetSize.parse("5179510"))
        .isEqualTo(new DatasetSize(5_179_510, Optional.empty()));
    assertThat(DatasetSize.parse("5.2M:93k"))
        .isEqualTo(new DatasetSize(5_200_000, Optional.of(93_000L)));
    assertThat(DatasetSize.parse("MS1MV3").identities()).contains(93_431L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "5Mx", "1:2:3", "0", "5:", "-3"})
  void otherSizesAreRefusedWithThoseThatAreKnown(String text) {
    assertThatThrownBy(() -> DatasetSize.parse(text))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("--estimate " + text)
        .hasMessageContaining("glint360k, ms1mv3, webface42m");
  }
}
