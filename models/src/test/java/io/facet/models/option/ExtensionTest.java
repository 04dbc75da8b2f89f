package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExtensionTest {
  private static final class Nameless implements Flavour<PlainFlavour.Options> {}

  @Test
  void itsOptionsAreThoseOfItsKind() {
    assertThat(new Nameless().optionsType()).isEqualTo(PlainFlavour.Options.class);
  }

  @Test
  void oneWithoutItsNameIsRefused() {
    assertThatThrownBy(new Nameless()::key)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Nameless has no @Named");
  }
}
