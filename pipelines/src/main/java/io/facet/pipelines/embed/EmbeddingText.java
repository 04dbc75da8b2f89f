package io.facet.pipelines.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.report.CsvCell;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Embeddings as lines of text. */
public final class EmbeddingText {
  private static final JsonMapper JSON = new JsonMapper();

  private EmbeddingText() {}

  /**
   * One object in one line: {@code {"image": ..., "face": 0, "score": ..., "landmarks": [...],
   * "embedding": [...]}}.
   */
  public static String json(EmbeddedImage image) {
    ObjectNode node = JSON.createObjectNode();
    node.put("image", image.image()).put("face", image.face()).put("score", image.score());
    numbers(node.putArray("landmarks"), image.landmarks());
    numbers(node.putArray("embedding"), image.embedding());
    return line(node);
  }

  /**
   * An image without an embedding, in one line: {@code {"image": ..., "rejected": ..., "detail":
   * ...}}.
   */
  public static String json(RejectedImage image) {
    return line(
        JSON.createObjectNode()
            .put("image", image.image())
            .put("rejected", image.reason())
            .put("detail", image.detail()));
  }

  static String csvHeader(int width) {
    return "image,face,score,"
        + IntStream.range(0, width).mapToObj(i -> "e" + i).collect(Collectors.joining(","))
        + "\n";
  }

  static String csv(EmbeddedImage image) {
    StringBuilder line = new StringBuilder();
    line.append(CsvCell.of(image.image())).append(',').append(image.face());
    line.append(',').append(image.score());
    for (float value : image.embedding()) {
      line.append(',').append(value);
    }
    return line.append('\n').toString();
  }

  private static void numbers(ArrayNode list, float[] values) {
    for (float value : values) {
      list.add(value);
    }
  }

  private static String line(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
