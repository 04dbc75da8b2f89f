package io.facet.transforms.source.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.format.NamedPair;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldedPairsTest {
  @Test
  void aListOfOneFoldIsDividedSoThatEachFoldHoldsBothKinds() {
    List<NamedPair> sorted =
        IntStream.range(0, 60).mapToObj(i -> new NamedPair(i, 7, "a", "b", i < 20)).toList();

    List<NamedPair> divided = FoldedPairs.of(sorted);

    for (int fold = 0; fold < 10; fold++) {
      int wanted = fold;
      List<NamedPair> own = divided.stream().filter(pair -> pair.fold() == wanted).toList();
      assertThat(own).filteredOn(NamedPair::same).hasSize(2);
      assertThat(own).filteredOn(pair -> !pair.same()).hasSize(4);
    }
    assertThat(divided).extracting(NamedPair::position).isSorted();
  }

  @Test
  void foldsOfTheListItselfStay() {
    List<NamedPair> own =
        IntStream.range(0, 10).mapToObj(i -> new NamedPair(i, i % 2, "a", "b", true)).toList();

    assertThat(FoldedPairs.of(own)).isSameAs(own);
  }
}
