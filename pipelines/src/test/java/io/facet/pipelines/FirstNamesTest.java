package io.facet.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FirstNamesTest {
  @Test
  void theFirstInAlphabeticalOrderAreShown() {
    FirstNames names = FirstNames.of(List.of("d", "b", "c", "a"), 2);
    assertThat(names).hasToString("a, b, ...");
    assertThat(names.count()).isEqualTo(4);
  }

  @Test
  void nothingIsSaidToBeLeftOutWhereAllAreShown() {
    assertThat(FirstNames.of(List.of("b", "a"), 2)).hasToString("a, b");
    assertThat(new FirstNames(2)).hasToString("");
  }

  @Test
  void aNameThatStandsTwiceIsShownOnce() {
    assertThat(FirstNames.of(List.of("a", "a"), 2)).hasToString("a, ...");
  }
}
