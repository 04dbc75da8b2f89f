package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InlineAndIdentityTest {
  record Shared(
      @Description(value = "Rounds.", defaultValue = "3") int rounds,
      @Description(value = "Log every.", defaultValue = "10", affectsResult = false)
          int logEvery) {}

  record Section(
      @Description("Name.") String name,
      @Inline Shared shared,
      @Description(value = "Flavour.", defaultValue = "plain") Selected<Flavour<?>> flavour) {}

  @Test
  void keysOfAnInlinedRecordStandAmongThoseOfItsOwner() {
    Section section = RecordBinder.bindJson(Section.class, "{\"name\":\"x\",\"rounds\":5}");
    assertThat(section.shared()).isEqualTo(new Shared(5, 10));
    String json = RecordBinder.toJson(section);
    assertThat(json).contains("\"logEvery\":10").contains("\"rounds\":5").doesNotContain("shared");
    assertThat(RecordBinder.bindJson(Section.class, json)).isEqualTo(section);
    assertThat(OptionDocs.rows(Section.class))
        .extracting(OptionRow::name)
        .containsExactly("name", "rounds", "logEvery", "flavour");
    assertThat(OptionSchema.of(Section.class, "s").at("/properties/rounds/default").asInt())
        .isEqualTo(3);
  }

  @Test
  void namesInlinedKeysWhenOneIsMisspelt() {
    assertThatThrownBy(() -> RecordBinder.bindJson(Section.class, "{\"name\":\"x\",\"runds\":5}"))
        .hasMessage(
            "runds: unknown key 'runds' (did you mean 'rounds'?);"
                + " allowed: name, rounds, logEvery, flavour");
  }

  @Test
  void identityLeavesOutWhatCannotAffectResultsAndNamesVersions() {
    Section section = RecordBinder.bindJson(Section.class, "{\"name\":\"x\"}");
    assertThat(RecordBinder.toIdentityJson(section))
        .isEqualTo(
            "{\"flavour\":{\"plain@1\":{\"colour\":\"dark-red\",\"strength\":0.5}},"
                + "\"name\":\"x\",\"rounds\":3}");
    assertThat(section.flavour().identity())
        .isEqualTo("plain@1{\"colour\":\"dark-red\",\"strength\":0.5}");
  }
}
