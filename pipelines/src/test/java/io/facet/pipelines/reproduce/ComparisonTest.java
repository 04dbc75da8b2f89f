package io.facet.pipelines.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.pipelines.reproduce.Comparison.Verdict;
import io.facet.pipelines.reproduce.Reproduction.Instance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Map<String, String> MACHINE =
      Map.of("library.pytorch", "2.7.1", "hardware.cpu", "amd64 A 25", "hardware.threads", "2");

  @Test
  void equalDigestsAreEqual() {
    Comparison comparison = Comparison.of(run("a", MACHINE, "1", "x"), run("b", MACHINE, "1", "x"));
    assertThat(comparison.equal()).isTrue();
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.tables())
        .extracting(Comparison.Table::name)
        .containsExactly("align/faces");
  }

  @Test
  void whatDiffersIsNamed() {
    Map<String, String> other =
        Map.of("library.pytorch", "2.8.0", "hardware.cpu", "amd64 A 25", "hardware.threads", "4");
    Comparison comparison = Comparison.of(run("a", MACHINE, "1", "x"), run("b", other, "2", "y"));
    assertThat(comparison.equal()).isFalse();
    assertThat(comparison.tables().get(0).verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(comparison.differences())
        .containsExactly(
            "hardware.threads was 2, is 4",
            "library.pytorch was 2.7.1, is 2.8.0",
            "align: data changed: train (x → y)");
  }

  @Test
  void tablesOfOneSideOnlyAreNotEqual() {
    Reproduction none = new Reproduction(1, "c", "", MACHINE, List.of());
    assertThat(Comparison.of(run("a", MACHINE, "1", "x"), none).tables().get(0).verdict())
        .isEqualTo(Verdict.MISSING);
    assertThat(Comparison.of(none, run("a", MACHINE, "1", "x")).tables().get(0).verdict())
        .isEqualTo(Verdict.NEW);
    assertThat(Comparison.of(none, none).equal()).isFalse();
  }

  @Test
  void theDescriptionIsReadBackAndOthersAreRefused() {
    Reproduction run = run("a", MACHINE, "1", "x");
    assertThat(Reproduction.parse("test", run.json())).isEqualTo(run);
    assertThatThrownBy(() -> Reproduction.parse("file", "{\"format\": 9}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("file");
  }

  private static Reproduction run(
      String id, Map<String, String> machine, String digest, String data) {
    Instance align =
        new Instance(
            "align", false, Map.of("content.train", data), Map.of("faces", digest.repeat(64)));
    return new Reproduction(1, id, "name: x\n", machine, List.of(align));
  }
}
