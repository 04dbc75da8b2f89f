package io.facet.pipelines.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.RecipeException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML text as a tree that remembers the line of every value.
 *
 * <p>Scalars follow the core schema of YAML 1.2: {@code yes}, {@code no} and {@code 1_0} are text.
 * A plain number keeps the way it was written, so that where text is wanted {@code 1.10} and {@code
 * 1.1} stay two names. Aliases are allowed; keys written twice, merge keys and several documents
 * are refused.
 */
final class YamlTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Digits without a leading zero: {@code 010} might be meant octal, and is text. */
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9]\\d*)");

  /** Not {@code .inf} and {@code .nan}, which no option takes. */
  private static final Pattern FINITE = Pattern.compile("[-+.\\deE]+");

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(true).build();
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
    try {
      tree.checkDepth(text);
      Optional<Node> document = new Compose(SETTINGS).composeString(text);
      if (document.isPresent()) {
        tree.root = tree.convert(document.get(), "", 0);
      }
    } catch (MarkedYamlEngineException e) {
      throw new RecipeException(
          tree.at(e.getProblemMark()) + "not valid YAML: " + oneLine(e.getProblem()), e);
    } catch (YamlEngineException e) {
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

  /** The composer is recursive; what is nested too deep must not reach it. */
  private void checkDepth(String text) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      if (event instanceof CollectionStartEvent && ++depth > MAXIMUM_DEPTH) {
        throw tooDeep(event.getStartMark());
      }
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
    }
  }

  private JsonNode convert(Node node, String pointer, int depth) {
    lines.putIfAbsent(pointer, line(node));
    if (depth > MAXIMUM_DEPTH || ++nodes > MAXIMUM_NODES) {
      throw tooDeep(node.getStartMark());
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

  private JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT) && DECIMAL.matcher(text).matches()) {
      BigInteger number = new BigInteger(text);
      return number.bitLength() < 64
          ? new PlainLong(number.longValue(), text)
          : NODES.numberNode(number);
    }
    if (tag.equals(Tag.FLOAT) && FINITE.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      return Double.isInfinite(number) ? NODES.textNode(text) : new PlainDouble(number, text);
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return NODES.textNode(text);
    }
    throw new RecipeException(
        at(node.getStartMark()) + "the tag '%s' means nothing here".formatted(tag.getValue()));
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private RecipeException tooDeep(Optional<Mark> mark) {
    return new RecipeException(
        at(mark) + "too deep or too large for a recipe (aliases in a circle?)");
  }

  private String at(Optional<Mark> mark) {
    return mark.map(m -> "%s:%d: ".formatted(source, m.getLine() + 1)).orElse(source + ": ");
  }

  private static String oneLine(String text) {
    return text == null ? "unreadable" : text.replaceAll("\\s+", " ").trim();
  }

  /** A whole number that remembers how it was written. */
  private static final class PlainLong extends LongNode {
    private final String written;

    PlainLong(long value, String written) {
      super(value);
      this.written = written;
    }

    @Override
    public String asText() {
      return written;
    }
  }

  /** A number that remembers how it was written. */
  private static final class PlainDouble extends DoubleNode {
    private final String written;

    PlainDouble(double value, String written) {
      super(value);
      this.written = written;
    }

    @Override
    public String asText() {
      return written;
    }
  }
}
