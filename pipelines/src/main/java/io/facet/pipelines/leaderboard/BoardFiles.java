package io.facet.pipelines.leaderboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.report.CsvCell;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.parquet.TableFile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Leaderboards as files for other programs: one line a model, columns of {@link BoardRow}. */
public final class BoardFiles {
  private static final String TABLE = "leaderboard";

  private BoardFiles() {}

  /** Comma-separated with a header line; figures that are not there are empty. */
  public static void csv(List<BoardRow> rows, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.join(
            ",",
            Stream.of(BoardRow.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList()));
    for (BoardRow row : rows) {
      lines.add(
          String.join(
              ",",
              Stream.of(BoardRow.class.getRecordComponents()).map(c -> cell(c, row)).toList()));
    }
    write(file, String.join("\n", lines) + "\n");
  }

  /** A list of objects; figures that are not there are null. */
  public static void json(List<BoardRow> rows, Path file) throws IOException {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (BoardRow row : rows) {
      ObjectNode node = (ObjectNode) RecordBinder.toTree(row);
      node.properties().stream()
          .filter(field -> field.getValue().isDouble())
          .filter(field -> Double.isNaN(field.getValue().doubleValue()))
          .forEach(field -> field.setValue(JsonNodeFactory.instance.nullNode()));
      list.add(node);
    }
    write(file, JsonText.pretty(list));
  }

  /** One Parquet file. */
  public static void parquet(List<BoardRow> rows, Path file) throws IOException {
    Path folder = Files.createTempDirectory("facet-leaderboard");
    try {
      List<String> parts =
          TableFile.write(BoardRow.class, folder.toString(), TABLE, rows).uris(folder.toString());
      parent(file);
      Files.move(Path.of(parts.get(0)), file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      StoredFiles.delete(StoredFiles.list(folder.toString()).stream().map(f -> f.uri()).toList());
      Files.deleteIfExists(folder.resolve(TABLE));
      Files.deleteIfExists(folder);
    }
  }

  private static String cell(RecordComponent component, BoardRow row) {
    Object value;
    try {
      value = component.getAccessor().invoke(row);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a public record can be read", e);
    }
    return CsvCell.of(value.equals(Double.NaN) ? "" : value.toString());
  }

  private static void write(Path file, String text) throws IOException {
    parent(file);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void parent(Path file) throws IOException {
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
  }
}
