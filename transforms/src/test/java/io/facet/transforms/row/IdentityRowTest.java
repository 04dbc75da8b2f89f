package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(IdentityRow.byImage(List.of(one, other))).isEqualTo(Map.of("image", -3L));
    assertThat(IdentityRow.byImage(List.of(other, one))).isEqualTo(Map.of("image", -3L));
  }
}
