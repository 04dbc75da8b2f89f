package io.facet.models.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BilinearWarpTest {
  /** 2x2 pixels; channels differ by 1. */
  private static final Pixels SQUARE =
      new Pixels(2, 2, new byte[] {10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42});

  private static int blue(Pixels pixels, int x, int y) {
    return pixels.bgr()[(y * pixels.width() + x) * 3] & 0xFF;
  }

  @Test
  void identityCopies() {
    assertThat(BilinearWarp.warp(SQUARE, SimilarityTransform.IDENTITY, 2, 2).bgr())
        .isEqualTo(SQUARE.bgr());
  }

  @Test
  void pixelsBetweenAreWeightedMeans() {
    Pixels doubled = BilinearWarp.warp(SQUARE, new SimilarityTransform(2, 0, 0, 0), 3, 3);

    assertThat(blue(doubled, 1, 0)).isEqualTo(15);
    assertThat(blue(doubled, 0, 1)).isEqualTo(20);
    assertThat(blue(doubled, 1, 1)).isEqualTo(25);
    assertThat(doubled.bgr()[(3 + 1) * 3 + 2]).isEqualTo((byte) 27);
  }

  @Test
  void outsideIsBlackAndFadesIn() {
    Pixels shifted = BilinearWarp.warp(SQUARE, new SimilarityTransform(1, 0, 1.5, 0), 4, 2);

    assertThat(blue(shifted, 0, 0)).isZero();
    assertThat(blue(shifted, 1, 0)).isEqualTo(5);
    assertThat(blue(shifted, 2, 0)).isEqualTo(15);
    assertThat(blue(shifted, 3, 0)).isEqualTo(10);
  }

  @Test
  void halvesAreRoundedToEven() {
    Pixels pair = new Pixels(2, 1, new byte[] {1, 2, 3, 2, 3, 4});
    Pixels between = BilinearWarp.warp(pair, new SimilarityTransform(2, 0, 0, 0), 2, 1);

    assertThat(between.bgr()).startsWith(1, 2, 3, 2, 2, 4);
  }

  @Test
  void quarterTurnExchangesRowsAndColumns() {
    Pixels turned = BilinearWarp.warp(SQUARE, new SimilarityTransform(0, 1, 1, 0), 2, 2);

    assertThat(blue(turned, 0, 0)).isEqualTo(30);
    assertThat(blue(turned, 1, 0)).isEqualTo(10);
    assertThat(blue(turned, 0, 1)).isEqualTo(40);
    assertThat(blue(turned, 1, 1)).isEqualTo(20);
  }

  @Test
  void farOffTransformGivesBlack() {
    Pixels crop = BilinearWarp.warp(SQUARE, new SimilarityTransform(1, 0, 1e12, -1e12), 4, 4);

    assertThat(crop.bgr()).containsOnly(0);
  }
}
