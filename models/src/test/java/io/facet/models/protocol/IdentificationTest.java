package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.DataException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentificationTest {
  private static final float[][] GALLERY = {{1, 0}, {0, 1}, {-1, 0}};
  private static final long[] GALLERY_IDS = {5, 6, 7};

  @Test
  void averagesMediaAndSumsThemIntoTemplates() {
    IjbTemplates templates =
        IjbTemplates.of(
            new float[][] {{3, 0}, {1, 0}, {0, 2}, {0, -3}},
            Optional.empty(),
            new long[] {1, 1, 1, 4},
            new long[] {7, 7, 9, 7},
            new double[] {1, 1, 0.5, 1},
            IjbTemplates.Options.STANDARD);
    assertThat(templates.ids()).containsExactly(1, 4);
    assertThat(templates.feature(1))
        .containsExactly(new float[] {0.894427f, 0.447214f}, within(1e-6f));
    assertThat(templates.score(1, 4)).isCloseTo(-0.447214, within(1e-6));
    assertThatThrownBy(() -> templates.feature(3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("template 3");
  }

  @Test
  void ignoresLengthWhenAsked() {
    IjbTemplates templates =
        IjbTemplates.of(
            new float[][] {{3, 0}, {0, 5}},
            Optional.of(new float[][] {{3, 0}, {0, 5}}),
            new long[] {1, 1},
            new long[] {1, 2},
            new double[] {0.2, 0.9},
            new IjbTemplates.Options(false, false));
    assertThat(templates.feature(1))
        .containsExactly(new float[] {0.70710677f, 0.70710677f}, within(1e-6f));
  }

  @Test
  void ranksAndOpenSetRatesCountMatedProbesOnly() {
    float[][] probes = {{0.8f, 0.6f}, {0.8f, 0.6f}, {0, 1}, {0.6f, -0.8f}};
    long[] probeIds = {5, 6, 6, 99};
    OneToN.Result result =
        OneToN.search(
            GALLERY, GALLERY_IDS, probes, probeIds, new int[] {1, 2}, new double[] {0.01, 1});
    assertThat(result.matedProbes()).isEqualTo(3);
    assertThat(result.rankHits()).containsExactly(2, 3);
    assertThat(result.thresholds()).containsExactly(new double[] {0.6, 0.6}, within(1e-6));
    assertThat(result.truePositives()).containsExactly(2, 2);
    assertThat(OneToN.rankRates(List.of(result, result)))
        .containsExactly(new double[] {2.0 / 3, 1}, within(1e-12));
    assertThat(OneToN.truePositiveRates(List.of(result, result)))
        .containsExactly(new double[] {2.0 / 3, 2.0 / 3}, within(1e-12));
  }

  @Test
  void tiesGoToTheFirstGalleryEntry() {
    float[][] twins = {{1, 0}, {1, 0}};
    float[][] probe = {{1, 0}};
    assertThat(OneToN.rankOne(twins, new long[] {1, 2}, probe, new long[] {1})).isEqualTo(1);
    assertThat(OneToN.rankOne(twins, new long[] {1, 2}, probe, new long[] {2})).isEqualTo(0);
    OneToN.Result second =
        OneToN.search(
            twins, new long[] {1, 2}, probe, new long[] {2}, new int[] {1, 2}, new double[0]);
    assertThat(second.rankHits()).containsExactly(0, 1);
  }

  @Test
  void openSetRatesAreAbsentWithoutStrangers() {
    OneToN.Result result =
        OneToN.search(
            GALLERY,
            GALLERY_IDS,
            new float[][] {{1, 0}},
            new long[] {5},
            new int[] {1},
            new double[] {0.1});
    assertThat(result.thresholds()).isEmpty();
    assertThat(result.truePositives()).isEmpty();
  }

  @Test
  void refusesProbesThatNobodyCouldFind() {
    assertThatThrownBy(
            () ->
                OneToN.search(
                    GALLERY,
                    GALLERY_IDS,
                    new float[][] {{1, 0}},
                    new long[] {99},
                    new int[] {1},
                    new double[] {0.1}))
        .isInstanceOf(DataException.class);
  }

  @Test
  void refusesAnIdentityThatIsTwiceInTheGallery() {
    long[] doubled = {5, 6, 5};
    float[][] probe = {{1, 0}};
    assertThatThrownBy(
            () ->
                OneToN.search(
                    GALLERY, doubled, probe, new long[] {5}, new int[] {1}, new double[] {0.1}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gallery entry 2 is identity 5 once more");
    assertThatThrownBy(() -> OneToN.rankOne(GALLERY, doubled, probe, new long[] {5}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("once more");
  }
}
