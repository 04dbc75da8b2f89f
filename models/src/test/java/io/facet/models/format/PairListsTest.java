package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairListsTest {
  @Test
  void lfwFoldsListMatchedThenMismatchedPairs() {
    String text = "2\t1\nAnna\t1\t4\nAnna\t1\tBea\t2\n\nBea\t3\t4\r\nBea\t1\tCleo\t12\n";
    assertThat(LfwPairs.parse(text, "pairs.txt", "jpg"))
        .containsExactly(
            new NamedPair(0, 0, "Anna/Anna_0001.jpg", "Anna/Anna_0004.jpg", true),
            new NamedPair(1, 0, "Anna/Anna_0001.jpg", "Bea/Bea_0002.jpg", false),
            new NamedPair(2, 1, "Bea/Bea_0003.jpg", "Bea/Bea_0004.jpg", true),
            new NamedPair(3, 1, "Bea/Bea_0001.jpg", "Cleo/Cleo_0012.jpg", false));
  }

  @Test
  void oneNumberInTheFirstLineMeansOneFold() {
    assertThat(LfwPairs.parse("1\nAnna 1 2\nAnna 1 Bea 2", "pairsDev.txt", "png"))
        .containsExactly(
            new NamedPair(0, 0, "Anna/Anna_0001.png", "Anna/Anna_0002.png", true),
            new NamedPair(1, 0, "Anna/Anna_0001.png", "Bea/Bea_0002.png", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|pairs.txt: empty",
        "'1 1\nAnna 1 2'|pairs.txt: 1 pairs, but its first line '1 1' announces 2",
        "'1 1\nAnna 1 2\nAnna 1 2'|pairs.txt, pair 2: 'Anna 1 2' is no mismatched pair",
        "'1 1\nAnna 1\nAnna 1 Bea 2'|pairs.txt, pair 1: 'Anna 1' is no matched pair",
        "'1 1\nAnna 1 x\nAnna 1 Bea 2'|pairs.txt, pair 1: 'x' is no positive number",
        "'a b c'|pairs.txt: first line 'a b c' is not '<folds> <pairs>'",
      })
  void malformedLfwListsAreRefusedByPlace(String text, String message) {
    assertThatThrownBy(() -> LfwPairs.parse(text, "pairs.txt", "jpg"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void csvColumnsMayStandInAnyOrder() {
    String text =
        "\ufefffold,same,left,right\r\n7,1,a/1.jpg,\"b, \"\"c\"\"/2.jpg\"\n\n7,false,x,y\n";
    assertThat(CsvPairs.parse(text, "pairs.csv"))
        .containsExactly(
            new NamedPair(0, 7, "a/1.jpg", "b, \"c\"/2.jpg", true),
            new NamedPair(1, 7, "x", "y", false));
    assertThat(CsvPairs.parse("left,right,same\na,b,1", "pairs.csv"))
        .containsExactly(new NamedPair(0, 0, "a", "b", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|pairs.csv: empty",
        "'left,right'|pairs.csv: no column 'same' in its first line 'left,right'",
        "'left,right,same\na,b'|pairs.csv, line 2: 2 fields instead of 3",
        "'left,right,same\na,b,yes'|pairs.csv, line 2: 'yes' is neither 0 nor 1",
        "'left,right,same,fold\na,b,1,one'|pairs.csv, line 2: fold 'one' is no whole number",
        "'left,right,same\n\"a,b,1'|pairs.csv, line 2: a double quote is not closed",
      })
  void malformedCsvListsAreRefusedByPlace(String text, String message) {
    assertThatThrownBy(() -> CsvPairs.parse(text, "pairs.csv"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }
}
