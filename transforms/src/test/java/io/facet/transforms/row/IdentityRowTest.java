package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityRowTest {
  private static final long NUMBER_OF_ANNA = -4661281869438575769L;

  private static SampleRow sample(String split, String identity) {
    return new SampleRow("lfw", "a.jpg", identity, split, "image");
  }

  @Test
  void verificationSamplesWithANameHaveANumber() {
    IdentityRow row = IdentityRow.of(sample("lfw", "Anna")).orElseThrow();
    assertThat(row)
        .as("stored: numbers of earlier evaluations are compared with new ones")
        .isEqualTo(new IdentityRow("lfw", "image", NUMBER_OF_ANNA));
    assertThat(IdentityRow.of(sample("lfw", "Bea")).orElseThrow().identity())
        .isNotEqualTo(row.identity());
  }

  @Test
  void othersHaveNone() {
    assertThat(IdentityRow.of(sample(SampleRow.TRAIN, "Anna"))).isEmpty();
    assertThat(IdentityRow.of(sample(SampleRow.VALIDATION, "Anna"))).isEmpty();
    assertThat(IdentityRow.of(sample("bin", ""))).isEmpty();
  }

  @Test
  void aImageUnderTwoNamesHasOneNumberInAnyOrder() {
    IdentityRow one = new IdentityRow("lfw", "image", 7);
    IdentityRow other = new IdentityRow("lfw", "image", -3);
    for (List<IdentityRow> rows : List.of(List.of(one, other), List.of(other, one))) {
      Map<String, Long> numbers = new HashMap<>();
      rows.forEach(row -> row.addTo(numbers));
      assertThat(numbers).isEqualTo(Map.of("image", -3L));
    }
  }
}
