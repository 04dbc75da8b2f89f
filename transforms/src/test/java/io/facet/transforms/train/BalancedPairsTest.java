package io.facet.transforms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.face.Pixels;
import io.facet.models.train.data.TrainingSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BalancedPairsTest {
  /** Crops by identity, without pixels: drawing never looks at them. */
  private record Names(List<Integer> labels) implements TrainingSet {
    /** One identity for each number of crops. */
    static Names of(int... crops) {
      List<Integer> labels = new ArrayList<>();
      for (int label = 0; label < crops.length; label++) {
        for (int i = 0; i < crops[label]; i++) {
          labels.add(label);
        }
      }
      return new Names(labels);
    }

    @Override
    public int size() {
      return labels.size();
    }

    @Override
    public int classes() {
      return 1 + labels.stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    @Override
    public int label(int index) {
      return labels.get(index);
    }

    @Override
    public String faceId(int index) {
      return "face " + index;
    }

    @Override
    public Pixels crop(int index) {
      throw new UnsupportedOperationException("names only");
    }

    Map<Integer, Long> counts(List<BalancedPairs.Drawn> pairs) {
      return pairs.stream()
          .flatMap(pair -> Stream.of(label(pair.left()), label(pair.right())))
          .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    }
  }

  @Test
  void anIdentityWithManyCropsDoesNotCrowdOutOthers() {
    Names names = Names.of(200, 4, 4, 4, 4);
    List<BalancedPairs.Drawn> same = new BalancedPairs(names).same(20);
    assertThat(same).hasSize(20).doesNotHaveDuplicates();
    assertThat(same)
        .allSatisfy(
            pair -> assertThat(names.label(pair.left())).isEqualTo(names.label(pair.right())));
    assertThat(names.counts(same).values()).containsOnly(8L);
    List<BalancedPairs.Drawn> different = new BalancedPairs(names).different(20);
    assertThat(different).hasSize(20).doesNotHaveDuplicates();
    assertThat(different)
        .allSatisfy(
            pair -> assertThat(names.label(pair.left())).isNotEqualTo(names.label(pair.right())));
    assertThat(names.counts(different).values()).allMatch(count -> count >= 4 && count <= 14);
  }

  @Test
  void whoHasMoreCropsFillsUpWhereOthersHaveNoMorePairs() {
    Names names = Names.of(10, 2, 1);
    List<BalancedPairs.Drawn> same = new BalancedPairs(names).same(12);
    assertThat(names.counts(same)).isEqualTo(Map.of(0, 22L, 1, 2L));
    assertThat(new BalancedPairs(names).same(1000)).hasSize(46);
  }

  @Test
  void theDrawDependsOnNamesAlone() {
    Names names = Names.of(5, 6, 7);
    assertThat(new BalancedPairs(names).same(9)).isEqualTo(new BalancedPairs(names).same(9));
    assertThat(new BalancedPairs(names).different(9))
        .isEqualTo(new BalancedPairs(names).different(9));
    assertThat(new HashSet<>(new BalancedPairs(names).same(9)))
        .isSubsetOf(new BalancedPairs(names).same(12));
  }

  @Test
  void fewCropsGiveFewPairs() {
    assertThat(new BalancedPairs(Names.of(1, 1)).different(50)).hasSize(1);
    assertThat(new BalancedPairs(Names.of(3)).different(50)).isEmpty();
    assertThat(new BalancedPairs(Names.of(1, 1)).same(50)).isEmpty();
  }
}
