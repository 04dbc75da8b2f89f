package io.facet.transforms.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionTest {
  private static String file(String... splits) {
    return "/store/faces/" + Partition.of(List.of(splits)) + "/part-1.parquet";
  }

  @Test
  void aFolderIsNamedAfterItsSplitsInAnyOrder() {
    assertThat(Partition.of(List.of("lfw", "cfp-fp", "lfw"))).isEqualTo("split=cfp-fp+lfw");
    assertThat(Partition.folder(file("train"))).isEqualTo("split=train");
    assertThat(Partition.folder("/store/faces/part-1.parquet")).isEmpty();
    assertThat(Partition.folder("part-1.parquet")).isEmpty();
  }

  @Test
  void filesOfOtherSplitsAreNotAskedFor() {
    assertThat(Partition.mayHold(file("lfw", "cfp-fp"), Set.of("cfp-fp"))).isTrue();
    assertThat(Partition.mayHold(file("train"), Set.of("cfp-fp", "validation"))).isFalse();
    assertThat(Partition.mayHold("/store/faces/part-1.parquet", Set.of("lfw"))).isTrue();
  }

  @Test
  void namesOfSetsMayHoldAnything() {
    String odd = "a b/ü+c*=%";
    assertThat(Partition.of(List.of(odd))).matches("split=[A-Za-z0-9%.]+");
    assertThat(Partition.mayHold(file(odd, "lfw"), Set.of(odd))).isTrue();
    assertThat(Partition.mayHold(file(odd), Set.of("a b/ü"))).isFalse();
  }

  @Test
  void soManySplitsThatNoFolderCanBeNamedAfterThemHaveNone() {
    List<String> many = IntStream.range(0, 100).mapToObj(i -> "set" + i).toList();
    assertThat(Partition.of(many)).isEmpty();
    assertThat(Partition.of(List.of())).isEmpty();
  }
}
