package io.facet.models.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassSampleTest {
  private static int[] classes(int wanted, long seed, long... labels) {
    return ClassSample.draw(labels, 100, wanted, seed).classes();
  }

  @Test
  void holdsTheBatchAndAsManyOthersAsWanted() {
    int[] classes = classes(20, 1, 99, 3, 3, 40);

    assertThat(classes).hasSize(20).isSorted().doesNotHaveDuplicates().contains(3, 40, 99);
    assertThat(classes(2, 1, 99, 3, 3, 40)).containsExactly(3, 40, 99);
    assertThat(classes(100, 1, 5)).isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(classes(1000, 1, 5)).hasSize(100);
  }

  @Test
  void dependsOnTheSeedAlone() {
    assertThat(classes(20, 1, 99, 3)).isEqualTo(classes(20, 1, 99, 3));
    assertThat(classes(20, 1, 99, 3)).isNotEqualTo(classes(20, 2, 99, 3));
  }

  @Test
  void everyOtherClassIsDrawnAboutEquallyOften() {
    int[] counts = new int[100];
    for (int seed = 0; seed < 2000; seed++) {
      Arrays.stream(classes(10, seed, 0)).forEach(c -> counts[c]++);
    }

    assertThat(counts[0]).isEqualTo(2000);
    TreeSet<Integer> others = new TreeSet<>();
    Arrays.stream(counts).skip(1).forEach(others::add);
    // 2000 * 9 / 99 = 182 expected, standard deviation 13
    assertThat(others.first()).isGreaterThan(182 - 65);
    assertThat(others.last()).isLessThan(182 + 65);
  }
}
