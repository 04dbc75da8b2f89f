package io.facet.pipelines.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.reproduce.Reproduction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RunPageTest {
  @TempDir private Path folder;

  private ReportedRun run(SmallStore store) {
    return run(store.artifacts(), "finished");
  }

  private static ReportedRun run(List<Artifact> artifacts, String state) {
    return new ReportedRun(
        "1f0c",
        "<u>tiny</u>",
        state,
        "2026-01-01T00:00:00.123456Z",
        Optional.of("2026-01-01T00:02:05Z"),
        "",
        artifacts.stream()
            .map(
                a ->
                    new ReportedRun.Part(
                        a.manifest().instance(),
                        a.manifest().stage(),
                        "done",
                        false,
                        1.5,
                        "",
                        Optional.of(a)))
            .toList(),
        Optional.of(
            new Reproduction(1, "1f0c", "name: <tiny>\n", Map.of("java", "<17>"), List.of())));
  }

  private byte[] page(List<String> models, int pairs, Pictures pictures) throws IOException {
    try (SmallStore store =
        new SmallStore(folder.resolve(models.size() + "-" + pairs), models, pairs)) {
      return RunPage.of(run(store), pictures);
    }
  }

  private byte[] page() throws IOException {
    return page(List.of("none#1", "rkd#1"), 100, Pictures.NOT_ASKED);
  }

  /** Strictly, so that an unescaped sign fails. */
  private static Document parse(byte[] page) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(page));
    } catch (Exception e) {
      throw new AssertionError("the page is not well-formed", e);
    }
  }

  private static List<Element> all(Document document, String name) {
    NodeList found = document.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static long children(Element element, String name) {
    return element.getElementsByTagName(name).getLength();
  }

  @Test
  void everySectionHasItsPlaceAndIsListed() throws IOException {
    Document page = parse(page());
    List<String> sections =
        all(page, "section").stream().map(section -> section.getAttribute("id")).toList();
    assertThat(sections)
        .containsExactly(
            "summary",
            "leaderboard",
            "curves",
            "rates",
            "scores",
            "cost",
            "errors",
            "data",
            "stages",
            "lineage",
            "recipe",
            "environment");
    assertThat(all(page, "a"))
        .extracting(a -> a.getAttribute("href").substring(1))
        .containsAll(sections);
  }

  @Test
  void linksLeadToPlacesOfThePageAndIdsAreUnique() throws IOException {
    Document page = parse(page());
    Set<String> ids = new HashSet<>();
    for (Element element : all(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).isTrue();
      }
    }
    assertThat(all(page, "a"))
        .isNotEmpty()
        .allMatch(a -> ids.contains(a.getAttribute("href").substring(1)));
  }

  @Test
  void nothingIsFetchedAndNothingRuns() throws IOException {
    String text = new String(page(), StandardCharsets.UTF_8);
    assertThat(text).doesNotContain("http:", "https:", "//", "@import", "url(");
    Document page = parse(page(List.of("none#1"), 60, Pictures.SHOWN));
    for (String name : List.of("script", "link", "iframe", "object", "embed", "form", "base")) {
      assertThat(all(page, name)).as(name).isEmpty();
    }
    for (Element element : all(page, "*")) {
      assertThat(element.getAttribute("src")).matches("|data:image/jpeg;base64,.*");
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertThat(element.getAttributes().item(i).getNodeName()).doesNotStartWith("on");
      }
    }
  }

  @Test
  void figuresTablesAndDrawingsSayWhatTheyAre() throws IOException {
    Document page = parse(page());
    assertThat(all(page, "figure"))
        .hasSizeGreaterThan(5)
        .allMatch(figure -> children(figure, "figcaption") == 1 && children(figure, "svg") >= 1);
    assertThat(all(page, "table"))
        .hasSizeGreaterThan(5)
        .allMatch(table -> children(table, "caption") == 1 && children(table, "thead") == 1);
    assertThat(all(page, "th")).allMatch(th -> th.getAttribute("scope").matches("row|col"));
    assertThat(all(page, "svg"))
        .allMatch(
            svg ->
                svg.getAttribute("aria-hidden").equals("true")
                    || (svg.getAttribute("role").equals("img")
                        && !svg.getAttribute("aria-label").isEmpty()));
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(all(page, "h1")).hasSize(1);
  }

  @Test
  void whatModelsCostIsShownAsFarAsItWasMeasured() throws IOException {
    assertThat(text(page()))
        .contains("milliseconds an image", "megabytes of memory", "of it the model")
        .contains("95.3", "23.0");
  }

  @Test
  void aHostileNameIsTextAndNothingElse() throws IOException {
    Document page = parse(page());
    String shown = SmallStore.HOSTILE.replace('\u001b', '\ufffd');
    assertThat(all(page, "bdi")).extracting(Element::getTextContent).contains(shown);
    assertThat(all(page, "script")).isEmpty();
    assertThat(all(page, "i")).isEmpty();
    assertThat(all(page, "h1").get(0).getTextContent()).startsWith("<u>tiny</u>");
  }

  @Test
  void facesAreShownToWhoAsksOnly() throws IOException {
    assertThat(all(parse(page()), "img")).isEmpty();
    assertThat(text(page(List.of("m"), 40, Pictures.NOT_ASKED))).contains("shows no faces");
    byte[] forbidden = page(List.of("n"), 42, Pictures.FORBIDDEN);
    assertThat(text(forbidden)).contains("the recipe forbids it (report.pictures: false)");
    assertThat(all(parse(forbidden), "img")).isEmpty();
    assertThat(all(parse(page(List.of("o"), 44, Pictures.SHOWN)), "img"))
        .isNotEmpty()
        .allMatch(img -> !img.getAttribute("alt").isEmpty());
  }

  private static String text(byte[] page) {
    return parse(page).getDocumentElement().getTextContent();
  }

  @Test
  void itsSizeDoesNotGrowWithThePairs() throws IOException {
    int few = page(List.of("none#1"), 2_000, Pictures.NOT_ASKED).length;
    int many = page(List.of("none#1"), 40_000, Pictures.NOT_ASKED).length;
    assertThat(many).isLessThan(2 * few);
  }

  @Test
  void ofManyModelsTheChartsShowEightAndTablesTheRest() throws IOException {
    List<String> models = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      models.add("method" + i);
    }
    byte[] page = page(models, 200, Pictures.NOT_ASKED);
    assertThat(text(page)).contains("The charts of this page show 8 models; 22 more");
    assertThat(page).hasSizeLessThan(1_000_000);
  }

  @Test
  void aRunThatCameNotFarHasAPageToo() throws IOException {
    try (SmallStore store = new SmallStore(folder, List.of("none#1"), 40)) {
      Document page =
          parse(RunPage.of(run(store.artifacts().subList(0, 1), "failed"), Pictures.NOT_ASKED));
      assertThat(page.getDocumentElement().getTextContent())
          .contains("The run is failed", "No model was measured and ranked.");
      assertThat(all(page, "section"))
          .extracting(s -> s.getAttribute("id"))
          .containsExactly("summary", "data", "stages", "lineage", "recipe", "environment");
    }
    Document nothing = parse(RunPage.of(run(List.of(), "running"), Pictures.NOT_ASKED));
    assertThat(all(nothing, "section")).isNotEmpty();
  }

  @Test
  void theSummaryNamesTheBestStudentWithItsInterval() throws IOException {
    assertThat(text(page()))
        .contains(
            "On tiny the best student is none#1 with 80.00 % of the pairs judged rightly"
                + " (95 % CI 75.00 to 85.00).");
  }

  @Test
  void whatTheCorrectedTestDoesNotShowMayBeChance() throws IOException {
    assertThat(text(page()))
        .contains(
            "That is 2.0 points better than the same student trained alone (+0.1 to +4.0, p 0.100),"
                + " which may be chance.");
  }
}
