package io.facet.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BinsTest {
  @Test
  void anEdgeBelongsToTheBinAboveIt() {
    Bins bins = new Bins(-1, 1, 20_000, false);
    for (int edge : new int[] {0, 1, 5_000, 10_000, 12_345, 19_999}) {
      assertThat(bins.index((edge - 10_000) / 10_000.0)).isEqualTo(edge);
    }
    assertThat(bins.index(0.12349)).isEqualTo(11_234);
  }

  @Test
  void valuesBeyondTheEndsCountInTheOutermostBins() {
    Bins bins = new Bins(1, 100, 10, true);
    bins.add(0);
    bins.add(1e9);
    assertThat(bins.count(0)).isOne();
    assertThat(bins.count(9)).isOne();
    assertThat(bins.from(9)).isOne();
    assertThat(bins.from(10)).isZero();
  }

  @Test
  void quantilesAreWithinABinAndNoValueIsInvented() {
    Bins bins = new Bins(1, 1e5, 1200, true);
    for (int value = 100; value <= 200; value++) {
      bins.add(value);
    }
    assertThat(bins.quantile(0.5)).isBetween(148.0, 152.0);
    assertThat(bins.quantile(1)).isLessThanOrEqualTo(200);
    Bins constant = new Bins(1, 1e5, 1200, true);
    constant.add(160);
    assertThat(constant.isConstant()).isTrue();
    assertThat(constant.quantile(0.05)).isEqualTo(160);
  }

  @Test
  void anOutlineHoldsAllValuesInFewBins() {
    Bins bins = new Bins(0, 1, 1000, false);
    for (int i = 300; i < 700; i++) {
      bins.add((i + 0.5) / 1000);
    }
    Bins.Outline outline = bins.outline(40);
    assertThat(outline.counts()).hasSize(40).containsOnly(10.0);
    assertThat(outline.edges()[0]).isEqualTo(0.3);
    assertThat(outline.edges()[40]).isEqualTo(0.7);
  }

  @Test
  void notANumberIsRefused() {
    assertThatThrownBy(() -> new Bins(0, 1, 10, false).add(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
