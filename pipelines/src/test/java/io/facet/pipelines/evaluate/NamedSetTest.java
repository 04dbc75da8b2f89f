package io.facet.pipelines.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.RecipeException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedSetTest {
  @ParameterizedTest
  @CsvSource({
    "lfw-pairs:/lfw, lfw-pairs-lfw, none, '\"pairs\":\"/lfw/pairs.txt\"'",
    "csv-pairs:/cfp/fp.csv, csv-pairs-fp, none, '\"images\":\"/cfp/images\"'",
    "bin:/sets/lfw.bin, bin-lfw.bin, none, '\"path\":\"/sets/lfw.bin\"'",
    "synthetic:7, synthetic-7, given, '\"population\":7'"
  })
  void theSourceReadsWhatStandsBehindItsName(
      String text, String name, String detector, String options) {
    NamedSet set = NamedSet.parse(text, Optional.empty());
    assertThat(set.source().label()).isEqualTo(name);
    assertThat(set.source().source().json()).contains(options);
    assertThat(set.detector().key()).isEqualTo(detector);
  }

  @Test
  void aFileIsYuNetUnlessItsKindIsNamed() {
    assertThat(NamedSet.parse("synthetic:7", Optional.of("/a.onnx")).detector())
        .isEqualTo(NamedSet.parse("synthetic:7", Optional.of("yunet:/a.onnx")).detector());
  }

  @Test
  void aKindOfDetectorThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> NamedSet.parse("synthetic:7", Optional.of("mtcnn:a.onnx")))
        .isInstanceOf(RecipeException.class)
        .hasMessage("--detector: 'mtcnn:a.onnx' is none of scrfd:FILE, yunet:FILE");
    assertThatThrownBy(() -> NamedSet.parse("synthetic:7", Optional.of("yunet:")))
        .hasMessageContaining("says nothing behind the colon");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lfw          | --on: 'lfw' is none of bin:FILE, csv-pairs:PAIRS.csv, ijb:FOLDER, lfw-pairs:FOLDER, synthetic:SEED
          folder:/lfw  | --on: 'folder:/lfw' is none of bin:FILE
          synthetic:x  | --on: synthetic:SEED needs a whole number, is 'x'
          """)
  void anyOtherTextIsRefusedWithThePossibleForms(String text, String message) {
    assertThatThrownBy(() -> NamedSet.parse(text, Optional.empty()))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(message);
  }
}
