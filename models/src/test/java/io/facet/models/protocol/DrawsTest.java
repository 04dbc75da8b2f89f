package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawsTest {
  /** Above 2^30 nearly every second number is drawn again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 4096, 5749, 469_375, 1 << 30, (1 << 30) + 1, Integer.MAX_VALUE})
  void numbersAreThoseOfTheLibrary(int bound) {
    SplittableRandom library = new SplittableRandom(bound);
    Draws draws = new Draws(bound);
    for (int i = 0; i < 10_000; i++) {
      assertThat(draws.below(bound)).isEqualTo(library.nextInt(bound));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 4096, 5749, 1_500_000})
  void numbersDrawnAtOnceAreThoseOfTheLibrary(int count) {
    SplittableRandom library = new SplittableRandom(-count);
    Draws draws = new Draws(-count);
    int[] counts = new int[count + 1];
    counts[count] = 5;
    for (int round = 0; round < 3; round++) {
      draws.resample(count, counts);
      int[] expected = new int[count + 1];
      expected[count] = 5;
      for (int i = 0; i < count; i++) {
        expected[library.nextInt(count)]++;
      }
      assertThat(counts).isEqualTo(expected);
    }
    assertThat(draws.below(1000)).as("nothing more was used").isEqualTo(library.nextInt(1000));
  }
}
