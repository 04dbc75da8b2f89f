package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What README and documents name exists: commands, their options, recipe keys, links, files. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern COMMAND =
      Pattern.compile("(?:\\./infra/facet|(?<=`)facet) ([a-z|\\\\]+)([^`'|\\n]*)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s|\\[|^)--[a-z][a-z-]*");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern FILE = Pattern.compile("\\binfra/[\\w./-]+\\w");
  private static final Pattern YAML = Pattern.compile("(?s)```yaml\\n(.*?)```");

  /** Keys that people choose themselves. */
  private static final Set<String> FREE = Set.of("team");

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("infra/docs"))) {
      Stream<Path> readmes =
          Stream.of(".", "models", "transforms", "tracking", "pipelines", "infra", "infra/bench")
              .map(folder -> ROOT.resolve(folder).resolve("README.md").normalize());
      return Stream.concat(readmes, docs.filter(Files::isRegularFile).sorted().toList().stream());
    }
  }

  /** Without this, a pattern that finds nothing would make the other tests pass. */
  @Test
  void thePatternsFindMuch() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path document : documents().toList()) {
      all.append(Files.readString(document).replace("\\\n", " "));
    }
    for (Pattern pattern : List.of(COMMAND, OPTION, LINK, FILE, YAML)) {
      assertThat(pattern.matcher(all).results().count()).as("%s", pattern).isGreaterThan(5);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsAndTheirOptionsExist(Path document) throws IOException {
    String text = Files.readString(document).replace("\\\n", " ");
    SoftAssertions soft = new SoftAssertions();
    Matcher mentioned = COMMAND.matcher(text);
    while (mentioned.find()) {
      for (String name : mentioned.group(1).split("\\\\?\\|")) {
        CommandLine command = FacetCommand.commandLine().getSubcommands().get(name);
        soft.assertThat(command).as("%s: command '%s'", document.getFileName(), name).isNotNull();
        if (command != null) {
          Set<String> options = options(command);
          Matcher option = OPTION.matcher(mentioned.group(2));
          while (option.find()) {
            soft.assertThat(options)
                .as("%s: options of '%s'", document.getFileName(), mentioned.group())
                .contains(option.group());
          }
        }
      }
    }
    soft.assertAll();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksAndFilesResolve(Path document) throws IOException {
    String text = Files.readString(document);
    SoftAssertions soft = new SoftAssertions();
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      if (!link.group(1).contains("://")) {
        soft.assertThat(document.resolveSibling(link.group(1))).exists();
      }
    }
    Matcher file = FILE.matcher(text);
    while (file.find()) {
      soft.assertThat(ROOT.resolve(file.group())).as(document.getFileName().toString()).exists();
    }
    soft.assertAll();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void keysOfRecipesExist(Path document) throws IOException {
    Set<String> known = new TreeSet<>(FREE);
    collect(
        new JsonMapper().readTree(ROOT.resolve("infra/recipes/recipe.schema.json").toFile()),
        known);
    Matcher block = YAML.matcher(Files.readString(document));
    while (block.find()) {
      List<String> keys = new ArrayList<>();
      keys(new YAMLMapper().readTree(block.group(1)), keys);
      assertThat(known).as("%s:%n%s", document.getFileName(), block.group(1)).containsAll(keys);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "own-method.md, EmbeddingCosine",
    "recipes.md, Comparison",
    "models.md, SamePerson",
    "beam.md, EmbedPhotographs"
  })
  void examplesInJavaCompile(String document, String type, @TempDir Path folder)
      throws IOException {
    JavaSource.compile(type, JavaSource.example(document), folder);
    assertThat(folder.resolve(type + ".class")).exists();
  }

  private static Set<String> options(CommandLine command) {
    Set<String> names = new TreeSet<>(command.getCommandSpec().optionsMap().keySet());
    command.getSubcommands().values().forEach(below -> names.addAll(options(below)));
    return names;
  }

  /** Names of properties, and constants: keys of extensions stand there as both. */
  private static void collect(JsonNode schema, Set<String> names) {
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    schema.forEach(child -> collect(child, names));
  }

  private static void keys(JsonNode node, List<String> keys) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      keys.add(entry.getKey());
      keys(entry.getValue(), keys);
    }
    if (node.isArray()) {
      node.forEach(child -> keys(child, keys));
    }
  }
}
