package io.facet.pipelines.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.JsonText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlatParamsTest {
  @Test
  void itemsOfListsHaveNamesThatStay() {
    Map<String, String> few = flat("{'methods': [{'cakd': {'width': 32}}, 'none']}");
    Map<String, String> more = flat("{'methods': [{'rkd': {}}, {'cakd': {'width': 32}}, 'none']}");
    assertThat(few)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("methods.cakd.width", "32", "methods.none", "{}"));
    assertThat(more).containsAllEntriesOf(few).containsEntry("methods.rkd", "{}");
  }

  @Test
  void namedItemsGoByTheirNameAndTwinsByTheirNumber() {
    assertThat(flat("{'teachers': [{'name': 'vit', 'depth': 2}]}"))
        .containsEntry("teachers.vit.depth", "2");
    assertThat(flat("{'train': [{'folder': {'path': 'a'}}, {'folder': {'path': 'b'}}]}"))
        .containsEntry("train.1.folder.path", "a")
        .containsEntry("train.2.folder.path", "b");
  }

  @Test
  void plainListsAreOneValue() {
    assertThat(flat("{'seeds': [1, 2], 'empty': {}, 'none': [], 'deep': {'x': true}}"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("seeds", "[1,2]", "empty", "{}", "none", "[]", "deep.x", "true"));
  }

  private static Map<String, String> flat(String json) {
    return FlatParams.of(JsonText.parse("test", json.replace('\'', '"')));
  }
}
