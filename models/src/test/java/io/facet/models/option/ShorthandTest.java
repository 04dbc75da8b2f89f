package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Mappings for which a single value may stand. */
class ShorthandTest {
  @Shorthand
  record Speed(
      @Description(value = "Speed.", range = "(0, 9]") double base,
      @Description(value = "With that load.", defaultValue = Description.ABSENT)
          Optional<Integer> load) {}

  record Machine(
      @Description(value = "Speed.", defaultValue = "0.5") Speed speed,
      @Description(value = "Other speed.", defaultValue = Description.ABSENT)
          Optional<Speed> other) {}

  private static Machine bind(String json) {
    return RecordBinder.bindJson(Machine.class, json);
  }

  @Test
  void aSingleValueIsTheFirstComponent() {
    assertThat(bind("{}").speed()).isEqualTo(new Speed(0.5, Optional.empty()));
    assertThat(bind("{\"speed\": 2}").speed()).isEqualTo(new Speed(2, Optional.empty()));
    assertThat(bind("{\"speed\": {\"base\": 2, \"load\": 7}, \"other\": 3}"))
        .isEqualTo(
            new Machine(new Speed(2, Optional.of(7)), Optional.of(new Speed(3, Optional.empty()))));
  }

  @Test
  void itIsWrittenAsASingleValueWhereNothingElseIsSaid() {
    for (String json :
        List.of("{\"speed\":2.0}", "{\"other\":3.0,\"speed\":{\"base\":2.0,\"load\":7}}")) {
      assertThat(RecordBinder.toJson(bind(json))).isEqualTo(json);
      assertThat(RecordBinder.toIdentityJson(bind(json))).isEqualTo(json);
    }
    assertThat(RecordBinder.toJson(bind("{\"speed\": {\"base\": 2}}")))
        .isEqualTo("{\"speed\":2.0}");
  }

  @Test
  void saysWhatMayStandThere() {
    assertThatThrownBy(() -> bind("{\"speed\": \"fast\"}"))
        .hasMessageContaining(
            "must be a number, is the text 'fast'; or give a mapping with the keys base, load");
    assertThatThrownBy(() -> bind("{\"speed\": 10}")).hasMessageContaining("must lie in (0, 9]");
    assertThatThrownBy(() -> bind("{\"speed\": [1]}")).hasMessageContaining("keys base, load");
    assertThatThrownBy(() -> bind("{\"speed\": {\"base\": 10}}"))
        .hasMessageContaining("must lie in (0, 9]");
    assertThat(OptionSchema.of(Machine.class, "machine").at("/properties/speed/oneOf/0").toString())
        .isEqualTo("{\"type\":\"number\",\"exclusiveMinimum\":0.0,\"maximum\":9.0}");
    assertThat(OptionDocs.rows(Machine.class).get(0).type()).isEqualTo("number or mapping");
  }
}
