package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionDocsTest {
  record Menu(
      @Description("Dishes.") List<Dish> dishes,
      @Description(value = "Guests.", range = "[1, 20)", defaultValue = Description.ABSENT)
          Optional<Integer> guests) {}

  record Dish(
      @Description(value = "Flavour.", defaultValue = "plain") Selected<Flavour<?>> flavour) {}

  @Test
  void listsEveryOptionWithDefaultRangeAndAllowedWords() {
    assertThat(OptionDocs.rows(Menu.class))
        .containsExactly(
            new OptionRow("dishes", "list of mapping", "required", "", List.of(), "Dishes.", ""),
            new OptionRow(
                "dishes[].flavour",
                "flavour",
                "plain",
                "",
                List.of("mixed", "plain"),
                "Flavour.",
                ""),
            new OptionRow("guests", "whole number", "absent", "[1, 20)", List.of(), "Guests.", ""));
    assertThat(OptionDocs.rows(PlainFlavour.Options.class))
        .extracting(OptionRow::source)
        .containsExactly("tests", "");
  }

  @Test
  void schemaHoldsTypesRangesRequiredKeysAndExtensions() {
    JsonNode schema = OptionSchema.of(Menu.class, "Menu");
    assertThat(schema.at("/required/0").asText()).isEqualTo("dishes");
    assertThat(schema.at("/additionalProperties").asBoolean(true)).isFalse();
    assertThat(schema.at("/properties/guests/exclusiveMaximum").asDouble()).isEqualTo(20);
    assertThat(schema.at("/properties/dishes/items/$ref").asText())
        .isEqualTo("#/$defs/OptionDocsTest.Dish");
    JsonNode flavour = schema.at("/$defs/Flavour/oneOf");
    assertThat(flavour.at("/0/enum"))
        .extracting(JsonNode::asText)
        .containsExactly("mixed", "plain");
    assertThat(flavour.at("/2/properties/plain/oneOf/0/$ref").asText())
        .isEqualTo("#/$defs/PlainFlavour.Options");
    assertThat(schema.at("/$defs/PlainFlavour.Options/properties/strength/default").asDouble())
        .isEqualTo(0.5);
  }
}
