package io.facet.models.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordBinderTest {
  record Kitchen(
      @Description("Its name.") String name,
      @Description(value = "Pots.", range = "[1, 10]", defaultValue = "3") int pots,
      @Description(value = "Heat.", range = "[0, inf)", defaultValue = "[0.5, 1]")
          List<Double> heat,
      @Description(value = "Shelves.", defaultValue = "{}") Map<String, Shelf> shelves,
      @Description(value = "Flavour.", defaultValue = "plain") Selected<Flavour<?>> flavour,
      @Description(value = "Limit.", range = "(0, 5)", defaultValue = Description.ABSENT)
          Optional<Double> limit,
      @Description(value = "Open.", defaultValue = "true", formerly = "unlocked") boolean open) {}

  record Shelf(@Description("Metres.") float width, PlainFlavour.Colour colour) {}

  @Test
  void fillsDefaultsAndKeepsWhatIsGiven() {
    Kitchen kitchen = bind("{name: blue, pots: 4, limit: 1e-3}");
    assertThat(kitchen.name()).isEqualTo("blue");
    assertThat(kitchen.pots()).isEqualTo(4);
    assertThat(kitchen.heat()).containsExactly(0.5, 1.0);
    assertThat(kitchen.limit()).contains(0.001);
    assertThat(kitchen.open()).isTrue();
    assertThat(kitchen.flavour().json()).isEqualTo("{\"colour\":\"dark-red\",\"strength\":0.5}");
  }

  @Test
  void bindsNestedRecordsMapsAndEnumsInAnySpelling() {
    Kitchen kitchen =
        bind(
            """
            name: x
            shelves:
              left: {width: 2, colour: Dark-Red}
              right: {width: 1.5, colour: green}
            """);
    assertThat(kitchen.shelves())
        .isEqualTo(
            Map.of(
                "left", new Shelf(2f, PlainFlavour.Colour.DARK_RED),
                "right", new Shelf(1.5f, PlainFlavour.Colour.GREEN)));
  }

  @Test
  void resolvesExtensionsInsideOptionsOfExtensions() {
    Kitchen kitchen =
        bind("{name: x, flavour: {mixed: {portions: 2, inner: {plain: {colour: green}}}}}");
    assertThat(kitchen.flavour().extension()).isInstanceOf(MixedFlavour.class);
    MixedFlavour.Options options = (MixedFlavour.Options) kitchen.flavour().options();
    assertThat(options.portions()).isEqualTo(2);
    assertThat(options.note()).isEmpty();
    assertThat(options.inner().options())
        .isEqualTo(new PlainFlavour.Options(0.5, PlainFlavour.Colour.GREEN));
    assertThat(kitchen.flavour().identity()).startsWith("mixed@2{");
  }

  @Test
  void canonicalJsonIsSortedAndBindsBackToTheSameRecord() {
    Kitchen kitchen = bind("{open: false, name: x, shelves: {b: {width: 1, colour: green}}}");
    String json = RecordBinder.toJson(kitchen);
    assertThat(json)
        .isEqualTo(
            "{\"flavour\":{\"plain\":{\"colour\":\"dark-red\",\"strength\":0.5}},"
                + "\"heat\":[0.5,1.0],\"name\":\"x\",\"open\":false,\"pots\":3,"
                + "\"shelves\":{\"b\":{\"colour\":\"green\",\"width\":1.0}}}");
    assertThat(RecordBinder.bindJson(Kitchen.class, json)).isEqualTo(kitchen);
  }

  @Test
  void selectsInCodeWithDefaultsOrGivenOptions() {
    Selected<Flavour<?>> defaults = RecordBinder.select(Flavour.class, "plain");
    assertThat(defaults.options())
        .isEqualTo(new PlainFlavour.Options(0.5, PlainFlavour.Colour.DARK_RED));
    Selected<Flavour<?>> given =
        RecordBinder.select(
            Flavour.class, "plain", new PlainFlavour.Options(1, PlainFlavour.Colour.GREEN));
    assertThat(given.json()).isEqualTo("{\"colour\":\"green\",\"strength\":1.0}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {nmae: x}                              | /nmae                    | unknown key 'nmae' (did you mean 'name'?); allowed: name, pots,
          {}                                     | ""                       | missing key 'name' (Its name.)
          {name: x, pots: 11}                    | /pots                    | must lie in [1, 10], is 11
          {name: x, pots: many}                  | /pots                    | must be a whole number, is the text 'many'
          {name: x, pots: 2.5}                   | /pots                    | must be a whole number, is 2.5
          {name: x, pots: }                      | /pots                    | must be a whole number, is empty
          {name: x, pots: 99999999999}           | /pots                    | must be a whole number, is 99999999999
          {name: x, heat: 3}                     | /heat                    | must be a list
          {name: x, heat: [1, -1]}               | /heat/1                  | must lie in [0, inf), is -1.0
          {name: x, heat: [1e999]}               | /heat/0                  | must be a finite number
          {name: x, limit: 5}                    | /limit                   | must lie in (0, 5), is 5.0
          {name: x, open: yes please}            | /open                    | must be true or false
          {name: x, unlocked: true}              | /unlocked                | 'unlocked' is called 'open' now
          {name: [x]}                            | /name                    | must be text, is a list
          {name: x, shelves: {a/b: {width: 1, colour: geen}}} | /shelves/a~1b/colour | must be one of dark-red, green, is 'geen' (did you mean 'green'?)
          {name: x, shelves: {a: 4}}             | /shelves/a               | must be a mapping with the keys width, colour, is 4
          {name: x, flavour: plane}              | /flavour                 | unknown flavour 'plane' (did you mean 'plain'?); known: mixed, plain
          {name: x, flavour: {plain: {}, mixed: {}}} | /flavour             | must name one flavour
          {name: x, flavour: {plain: {strength: 0}}} | /flavour/plain/strength | must lie in (0, 1], is 0.0
          {name: x, flavour: mixed}              | /flavour                 | missing key 'portions'
          {name: x, flavour: {mixed: {portions: 13}}} | /flavour/mixed       | 13 brings bad luck
          """)
  void namesPlaceAndCureOfAMistake(String yaml, String pointer, String message) {
    BindingException refused = catchThrowableOfType(BindingException.class, () -> bind(yaml));
    assertThat(refused.faults()).hasSize(1);
    assertThat(refused.faults().get(0).pointer()).isEqualTo(pointer);
    assertThat(refused.faults().get(0).message()).startsWith(message);
  }

  @Test
  void reportsAllMistakesAtOnce() {
    BindingException refused =
        catchThrowableOfType(
            BindingException.class,
            () -> bind("{name: x, pots: 0, shelves: {a: {width: w}}, flavour: {plain: {x: 1}}}"));
    assertThat(refused.faults())
        .extracting(BindingFault::place)
        .containsExactly("pots", "shelves.a.width", "shelves.a", "flavour.plain.x");
  }

  private static Kitchen bind(String yaml) {
    return RecordBinder.bind(Kitchen.class, tree(yaml));
  }

  private static JsonNode tree(String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
