package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.DataException;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.JsonText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an artifact is and where it comes from; {@code manifest.json} of a committed attempt.
 *
 * @param format version of this record, {@link #FORMAT}
 * @param stage name of the stage
 * @param instance name of the instance, {@code distill[cakd#1]}
 * @param fingerprint SHA-256 of everything that decides the content
 * @param inputs what the fingerprint was made of, by name
 * @param parents fingerprints of the artifacts it was made from, by instance
 * @param recipe the part of the resolved recipe it was made by
 * @param tables Parquet tables
 * @param attachments other files
 * @param libraries versions of the libraries that computed it
 * @param gitCommit commit of the program, or {@code unknown}
 * @param seed of the recipe
 * @param metrics final numbers
 * @param notes short facts in words
 * @param started ISO time
 * @param finished ISO time
 * @param originRun run that made it
 */
public record Manifest(
    int format,
    String stage,
    String instance,
    String fingerprint,
    Map<String, String> inputs,
    Map<String, String> parents,
    JsonNode recipe,
    List<Table> tables,
    List<Attachment> attachments,
    Map<String, String> libraries,
    String gitCommit,
    long seed,
    Map<String, Double> metrics,
    Map<String, String> notes,
    String started,
    String finished,
    String originRun) {

  /** The version this program writes and reads. */
  public static final int FORMAT = 1;

  /** Note: the slots that the stage's jobs shared their work between. */
  public static final String SLOTS = "slots";

  /**
   * A Parquet table.
   *
   * @param name of the table, {@code faces}
   * @param columns in order
   * @param rows number of rows
   * @param digest order-free digest of the rows, 64 hexadecimal digits
   * @param files data files; some may belong to an earlier artifact
   */
  public record Table(
      String name, List<Column> columns, long rows, String digest, List<DataFile> files) {}

  /**
   * A column.
   *
   * @param name in the file
   * @param type in words of Avro
   */
  public record Column(String name, String type) {}

  /**
   * An immutable file.
   *
   * @param uri relative to the store if it lies there
   * @param bytes its size
   * @param sha256 of its content
   */
  public record DataFile(String uri, long bytes, String sha256) {
    /** Where it is, given the store of its manifest. */
    public String in(String store) {
      return StoreUris.absolute(store, uri);
    }
  }

  /**
   * A file that is not a table.
   *
   * @param name below the attempt folder, {@code weights.safetensors}
   * @param file where and what
   */
  public record Attachment(String name, DataFile file) {}

  /** The table of that name. */
  public Optional<Table> table(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  /** The attachment of that name. */
  public Optional<Attachment> attachment(String name) {
    return attachments.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  /** Files of all tables and attachments, each once. */
  public Set<DataFile> files() {
    Set<DataFile> files = new LinkedHashSet<>();
    tables.forEach(table -> files.addAll(table.files()));
    attachments.forEach(attachment -> files.add(attachment.file()));
    return files;
  }

  /** As readable JSON with sorted keys. */
  public String json() {
    return JsonText.pretty(RecordBinder.toTree(this));
  }

  /**
   * Reads a manifest.
   *
   * @param source for messages
   * @throws DataException if it is none or of a newer program
   */
  public static Manifest parse(String source, String json) {
    JsonNode tree = JsonText.parse(source, json);
    int format = tree.path("format").asInt(0);
    if (format != FORMAT) {
      throw new DataException(
          "%s: manifest of format %d; this program reads %d".formatted(source, format, FORMAT));
    }
    try {
      return RecordBinder.bind(Manifest.class, tree);
    } catch (BindingException e) {
      throw new DataException(source + ": not a manifest: " + e.getMessage(), e);
    }
  }
}
