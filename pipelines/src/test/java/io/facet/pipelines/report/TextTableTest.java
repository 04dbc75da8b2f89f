package io.facet.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  private final TextTable table =
      new TextTable("method", "accuracy").row("none", "9.5").row("cakd", "99.25");

  @Test
  void textAlignsWordsLeftAndNumbersRight() {
    assertThat(table.toText())
        .isEqualTo(
            """
            method  accuracy
            none         9.5
            cakd       99.25
            """);
  }

  @Test
  void markdownHasARuleBelowTheHeader() {
    assertThat(table.toMarkdown())
        .isEqualTo(
            """
            | method | accuracy |
            |---|---|
            | none   |      9.5 |
            | cakd   |    99.25 |
            """);
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> table.row("only one")).hasMessageContaining("[method, accuracy]");
  }
}
