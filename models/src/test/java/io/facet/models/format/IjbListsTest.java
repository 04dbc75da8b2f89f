package io.facet.models.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.protocol.IntPlaces;
import io.facet.models.protocol.TemplatePairs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IjbListsTest {
  private static final String POINTS = " 1 2 3 4 5 6 7 8 9 10.5 0.75\n";
  private static final IntPlaces KNOWN = IntPlaces.of(new int[] {1, 2, 7});

  private static IjbLists.Opened opened(String text, String origin) {
    return new IjbLists.Opened(new ByteArrayInputStream(text.getBytes(UTF_8)), origin);
  }

  private static List<TemplateLists.Face> faces(String templates, String landmarks)
      throws IOException {
    return IjbLists.faces(opened(templates, "tid.txt"), opened(landmarks, "points.txt"));
  }

  private static TemplatePairs pairs(String text) throws IOException {
    return IjbLists.pairs(opened(text, "pairs.txt"), KNOWN);
  }

  @Test
  void facesCarryTemplateMediumLandmarksAndScore() throws IOException {
    List<TemplateLists.Face> faces =
        faces("a.jpg 1 20\r\n\nb/c.png\t7  30\n", "a.jpg" + POINTS + "b/c.png" + POINTS);
    assertThat(faces).hasSize(2);
    TemplateLists.Face second = faces.get(1);
    assertThat(second.name()).isEqualTo("b/c.png");
    assertThat(second.template()).isEqualTo(7);
    assertThat(second.medium()).isEqualTo(30);
    assertThat(second.score()).isEqualTo(0.75f);
    assertThat(second.landmarks()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10.5f);
    IntPlaces templates = IjbLists.templates(faces);
    assertThat(templates.size()).isEqualTo(2);
    assertThat(templates.place(7)).isEqualTo(1);
  }

  @Test
  void listsThatDifferInLengthAreRefusedWithTheShorterOne() {
    assertThatThrownBy(() -> faces("a.jpg 1 1\nb.jpg 1 1\n", "a.jpg" + POINTS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("points.txt: ends after 1 faces, tid.txt goes on");
    assertThatThrownBy(() -> faces("a.jpg 1 1\n", "a.jpg" + POINTS + "b.jpg" + POINTS))
        .hasMessageContaining("tid.txt: ends after 1 faces, points.txt goes on");
  }

  @Test
  void listsOfOtherImagesAreRefusedWithBothLines() {
    assertThatThrownBy(() -> faces("\na.jpg 1 1\n", "b.jpg" + POINTS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("points.txt, line 1: image 'b.jpg', but tid.txt, line 2 has 'a.jpg'");
  }

  @Test
  void oneImageHasOneSetOfLandmarks() {
    assertThatThrownBy(
            () ->
                faces(
                    "a.jpg 1 1\na.jpg 2 2\n",
                    "a.jpg" + POINTS + "a.jpg" + POINTS.replace("9", "8")))
        .hasMessageContaining("points.txt, line 2: image 'a.jpg' has other landmarks than before");
  }

  @Test
  void pairsAreColumns() throws IOException {
    TemplatePairs pairs = pairs("1 2 1\n7 1 0");
    assertThat(pairs.left()).containsExactly(1, 7);
    assertThat(pairs.right()).containsExactly(2, 1);
    assertThat(pairs.same()).containsExactly(true, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1 2 1 1|'1' is one field too many",
        "1 2|the label is missing",
        "1 x 0|the template 'x' is not a whole number",
        "1 99999999999 0|is not a whole number",
        "1 2 3|the label 3 is neither 0 nor 1",
        "1 3 0|template 3 has no face in the list of faces"
      })
  void malformedPairsNameTheLine(String line, String complaint) {
    assertThatThrownBy(() -> pairs("1 2 0\n\n" + line + "\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pairs.txt, line 3: ")
        .hasMessageContaining(complaint);
  }

  @Test
  void galleriesNameEachTemplateOnce() {
    TemplateLists.Subjects subjects =
        IjbLists.subjects(
            "G1", "TEMPLATE_ID,SUBJECT_ID,FILE\n2,40,a\n2,40,b\n7,41,c\n", "g.csv", KNOWN);
    assertThat(subjects.templates()).containsExactly(2, 7);
    assertThat(subjects.subjects()).containsExactly(40, 41);
    assertThatThrownBy(() -> IjbLists.subjects("G1", "T,S\n2,40\n2,41\n", "g.csv", KNOWN))
        .hasMessageContaining("g.csv, line 3: template 2 is subject 41, but was 40 before");
    assertThatThrownBy(() -> IjbLists.subjects("G1", "T,S\n5,40\n", "g.csv", KNOWN))
        .hasMessageContaining("g.csv, line 2: template 5 has no face");
  }

  @Test
  void aSubjectIsOnceInAGallery() {
    TemplateLists.Subjects gallery =
        new TemplateLists.Subjects("G1", new int[] {1, 2}, new int[] {40, 40});
    TemplatePairs none = new TemplatePairs.Builder().build();
    assertThatThrownBy(() -> IjbLists.of(List.of(), none, List.of(gallery), Optional.of(gallery)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gallery G1: templates 1 and 2 are both of subject 40");
  }
}
