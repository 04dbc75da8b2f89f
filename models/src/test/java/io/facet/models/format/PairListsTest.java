package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "'1 1\nAnna 1 2\nAnna 1 2'|pairs.txt, pair 2: 'Anna 1 2' is not a mismatched pair",
        "'1 1\nAnna 1\nAnna 1 Bea 2'|pairs.txt, pair 1: 'Anna 1' is not a matched pair",
        "'1 1\nAnna 1 x\nAnna 1 Bea 2'|pairs.txt, pair 1: 'x' is not a positive number",
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
    assertThat(CsvPairs.parse(text, "pairs.csv", "/data/images"))
        .containsExactly(
            new NamedPair(0, 7, "a/1.jpg", "b, \"c\"/2.jpg", true),
            new NamedPair(1, 7, "x", "y", false));
    assertThat(CsvPairs.parse("left,right,same\na,b,1", "pairs.csv", "/data/images"))
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
        "'left,right,same,fold\na,b,1,one'|pairs.csv, line 2: fold 'one' is not a whole number",
        "'left,right,same\n\"a,b,1'|pairs.csv, line 2: a double quote is not closed",
      })
  void malformedCsvListsAreRefusedByPlace(String text, String message) {
    assertThatThrownBy(() -> CsvPairs.parse(text, "pairs.csv", "/data/images"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeff1\t1\nAnn Marie A\t1\t2\nAnn Marie A\t1\tBen B\t2",
        "1 1\nAnn Marie A 1 2\nAnn Marie A 1 Ben B 2",
        "1\t1\r\nAnn Marie A \t 1\t\t2\r\nAnn Marie A\t1\tBen B\t2\t\r\n"
      })
  void namesOfPeopleMayHoldBlanks(String text) {
    assertThat(LfwPairs.parse(text, "pairs.txt", "jpg"))
        .containsExactly(
            new NamedPair(
                0, 0, "Ann Marie A/Ann Marie A_0001.jpg", "Ann Marie A/Ann Marie A_0002.jpg", true),
            new NamedPair(1, 0, "Ann Marie A/Ann Marie A_0001.jpg", "Ben B/Ben B_0002.jpg", false));
  }

  @Test
  void aNameThatCouldBeTwoIsRefused() {
    assertThatThrownBy(() -> LfwPairs.parse("1 1\nA 1 2\nA 1 B 2 C 3", "pairs.txt", "jpg"))
        .hasMessageStartingWith("pairs.txt, pair 2: 'A 1 B 2 C 3' is not a mismatched pair");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeffLeft,Right,SAME\na/1.jpg,b/2.jpg,True\na/1.jpg,c/3.jpg,0.0",
        "left;right;same\na/1.jpg;b/2.jpg;TRUE\na/1.jpg;c/3.jpg;FALSE",
        "left\tright\tsame\na/1.jpg\tb/2.jpg\t1.0\na/1.jpg\tc/3.jpg\tFalse",
        "\"left\",\"right\",\"same\"\n./a/1.jpg,b//2.jpg,1\na\\1.jpg,x/../c/3.jpg,0",
        "left,right,same\n/data/images/a/1.jpg,/data/images/b/2.jpg,1\na/1.jpg,c/3.jpg,0"
      })
  void csvListsHaveDialects(String text) {
    for (String images : List.of("/data/images", "/data/images/")) {
      assertThat(CsvPairs.parse(text, "pairs.csv", images))
          .containsExactly(
              new NamedPair(0, 0, "a/1.jpg", "b/2.jpg", true),
              new NamedPair(1, 0, "a/1.jpg", "c/3.jpg", false));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'/elsewhere/a.jpg'|line 3: '/elsewhere/a.jpg' does not lie below the image folder",
        "'/data/images2/a.jpg'|line 3: '/data/images2/a.jpg' does not lie below",
        "'../a.jpg'|line 3: '../a.jpg' does not lie below",
        "'s3://other/a.jpg'|line 3: 's3://other/a.jpg' does not lie below",
        "' '|line 3: an image has no name",
      })
  void imagesElsewhereAreRefusedByPlace(String name, String message) {
    String text = "left,right,same\na.jpg,b.jpg,1\nb.jpg," + name + ",0";
    assertThatThrownBy(() -> CsvPairs.parse(text, "pairs.csv", "/data/images"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("pairs.csv, " + message);
  }

  @Test
  void listsMayBeUtf16AndOtherEncodingsAreNamed() {
    String text = "1 1\nJosé 1 2\nJosé 1 Zoë 2\n";
    String marked = "\ufeff" + text;
    for (byte[] bytes :
        List.of(
            text.getBytes(StandardCharsets.UTF_8),
            marked.getBytes(StandardCharsets.UTF_8),
            marked.getBytes(StandardCharsets.UTF_16LE),
            marked.getBytes(StandardCharsets.UTF_16BE))) {
      assertThat(TextFile.text(bytes, "pairs.txt")).isEqualTo(text);
    }
    assertThatThrownBy(() -> TextFile.text(text.getBytes(StandardCharsets.ISO_8859_1), "pairs.txt"))
        .isInstanceOf(DataException.class)
        .hasMessage("pairs.txt, line 2 is not encoded in UTF-8; save the file as UTF-8");
    assertThatThrownBy(
            () -> TextFile.text("<html><body>".getBytes(StandardCharsets.UTF_8), "pairs.txt"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pairs.txt is a web page");
  }
}
