package io.facet.pipelines.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.RecipeException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML text as a tree that remembers the line of every value.
 *
 * <p>Plain scalars follow YAML 1.2: {@code yes}, {@code no} and {@code 010} are no traps. Aliases
 * are allowed; keys written twice, merge keys and several documents are refused.
 */
final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d[\\d_]*");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d[\\d_]*(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
  private static final int MAXIMUM_DEPTH = 40;
  private static final int MAXIMUM_NODES = 100_000;

  private final String source;
  private final Map<String, Integer> lines = new HashMap<>();
  private JsonNode root = NODES.objectNode();
  private int nodes;

  private YamlTree(String source) {
    this.source = source;
  }

  /**
   * Reads one document; an empty one is an empty mapping.
   *
   * @param source name of the file for messages
   * @throws RecipeException naming the line, if it is not YAML or a key stands twice
   */
  static YamlTree parse(String source, String text) {
    YamlTree tree = new YamlTree(source);
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAXIMUM_DEPTH);
    try {
      Composer composer =
          new Composer(
              new ParserImpl(new StreamReader(new StringReader(text)), options),
              new Resolver(),
              options);
      Node document = composer.getSingleNode();
      if (document != null) {
        tree.root = tree.convert(document, "", 0);
      }
    } catch (MarkedYAMLException e) {
      throw new RecipeException(
          tree.at(e.getProblemMark()) + "not valid YAML: " + oneLine(e.getProblem()), e);
    } catch (YAMLException e) {
      throw new RecipeException(source + ": not valid YAML: " + oneLine(e.getMessage()), e);
    }
    return tree;
  }

  JsonNode root() {
    return root;
  }

  /** Line of each value's key, from 1, by JSON pointer. */
  Map<String, Integer> lines() {
    return lines;
  }

  private JsonNode convert(Node node, String pointer, int depth) {
    lines.putIfAbsent(pointer, line(node));
    if (depth > MAXIMUM_DEPTH || ++nodes > MAXIMUM_NODES) {
      throw new RecipeException(
          at(node.getStartMark()) + "too deep or too large for a recipe (aliases in a circle?)");
    }
    if (node instanceof MappingNode mapping) {
      return mapping(mapping, pointer, depth);
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = NODES.arrayNode();
      for (Node element : sequence.getValue()) {
        array.add(convert(element, pointer + "/" + array.size(), depth + 1));
      }
      return array;
    }
    return scalar((ScalarNode) node);
  }

  private ObjectNode mapping(MappingNode mapping, String pointer, int depth) {
    ObjectNode object = NODES.objectNode();
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        throw new RecipeException(at(entry.getKeyNode().getStartMark()) + "a key must be text");
      }
      String key = keyNode.getValue();
      Integer earlier = seen.putIfAbsent(key, line(keyNode));
      if (earlier != null) {
        throw new RecipeException(
            at(keyNode.getStartMark())
                + "key '%s' stands twice, first on line %d".formatted(key, earlier));
      }
      String child = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
      lines.put(child, line(keyNode));
      object.set(key, convert(entry.getValueNode(), child, depth + 1));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    if (node.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
      return NODES.textNode(text);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "", "~", "null" -> NODES.nullNode();
      case "true" -> NODES.booleanNode(true);
      case "false" -> NODES.booleanNode(false);
      default -> numberOrText(text);
    };
  }

  private static JsonNode numberOrText(String text) {
    boolean leadingZero = text.matches("[-+]?0\\d.*");
    if (!leadingZero && text.length() < 40 && NUMBER.matcher(text).matches()) {
      String digits = text.replace("_", "");
      if (WHOLE.matcher(text).matches()) {
        BigInteger number = new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
        return number.bitLength() < 64
            ? NODES.numberNode(number.longValue())
            : NODES.numberNode(number);
      }
      double number = new BigDecimal(digits).doubleValue();
      return Double.isInfinite(number) ? NODES.textNode(text) : NODES.numberNode(number);
    }
    return NODES.textNode(text);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private String at(Mark mark) {
    return mark == null ? source + ": " : "%s:%d: ".formatted(source, mark.getLine() + 1);
  }

  private static String oneLine(String text) {
    return text == null ? "unreadable" : text.replaceAll("\\s+", " ").trim();
  }
}
