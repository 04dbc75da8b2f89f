package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamedClassWeightsTest {
  private static final NamedClassWeights KNOWN =
      new NamedClassWeights(
          "softmax_fc.pth",
          new IdentityNames("people.txt", List.of("cid", "ann", "nul", "bob")),
          2,
          new float[] {5, 6, 1, 2, 0, 0, 3, 4});

  @Test
  void rowsAreChosenAndOrderedByTheTrainingSet() {
    ClassWeights chosen = KNOWN.of(List.of("ann", "bob", "cid"));
    assertThat(chosen.rows()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(chosen.identities()).hasValue(IdentityNames.digest(List.of("ann", "bob", "cid")));
  }

  @Test
  void threeOfTheMissingIdentitiesAreNamedWithTheCure() {
    assertThatThrownBy(() -> KNOWN.of(List.of("ann", "p", "q", "r", "s")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "people.txt has no row for 4 of the 5 identities of the training set: 'p', 'q', 'r' and others (it names 'cid' and others); correct classifier.names or classifier.namespace, or leave these people out of data.train");
  }

  @Test
  void aRowOfZerosIsRefusedOnlyIfItIsUsed() {
    assertThatThrownBy(() -> KNOWN.of(List.of("ann", "nul")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("softmax_fc.pth: row 3 ('nul') is zero and gives no direction");
  }

  @Test
  void classWeightsOfOthersDoNotMatch() {
    ClassWeights weights = KNOWN.of(List.of("ann", "bob"));
    Optional<String> theirs = Optional.of(IdentityNames.digest(List.of("ann", "bob")));
    Optional<String> others = Optional.of(IdentityNames.digest(List.of("bob", "ann")));
    assertThat(weights.mismatch(2, theirs)).isEmpty();
    assertThat(weights.mismatch(2, Optional.empty())).as("people without names").isEmpty();
    assertThat(weights.mismatch(2, others))
        .hasValue(
            "they are of 2 other identities than the training set's, or of the same in another order");
    assertThat(weights.mismatch(3, theirs))
        .hasValue("they are of 2 identities and the training set has 3");
    assertThat(new ClassWeights(2, new float[4], Optional.empty()).mismatch(2, theirs))
        .hasValue("it does not say of which 2 identities they are");
  }
}
