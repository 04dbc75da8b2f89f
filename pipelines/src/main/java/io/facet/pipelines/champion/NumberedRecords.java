package io.facet.pipelines.champion;

import com.fasterxml.jackson.databind.JsonNode;
import io.facet.models.DataException;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.PutIfAbsent;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one kind in a folder of the store, {@code 000001.json} and so on. They are added by
 * put-if-absent and never changed, so that of two who add at once one hears of it.
 */
final class NumberedRecords<R extends Record> {
  private final String folder;
  private final Class<R> type;

  NumberedRecords(String folder, Class<R> type) {
    this.folder = folder;
    this.type = type;
  }

  /** All, in order; none if the folder is not there. */
  List<R> all() {
    List<R> records = new ArrayList<>();
    try {
      for (StoredFiles.Listed file : StoredFiles.list(folder)) {
        if (file.name().matches("\\d{6}\\.json")) {
          records.add(read(file.uri()));
        }
      }
    } catch (IOException e) {
      throw new InfrastructureException("cannot read %s: %s".formatted(folder, e), e);
    }
    return records;
  }

  /**
   * Adds the record of that number.
   *
   * @return false if there is one already
   */
  boolean add(int number, R entry) {
    String file = folder + "/%06d.json".formatted(number);
    byte[] bytes = JsonText.pretty(RecordBinder.toTree(entry)).getBytes(StandardCharsets.UTF_8);
    try {
      return PutIfAbsent.forUri(folder).put(file, bytes);
    } catch (IOException e) {
      throw new InfrastructureException("cannot write %s: %s".formatted(file, e), e);
    }
  }

  private R read(String file) throws IOException {
    JsonNode tree =
        JsonText.parse(file, new String(StoredFiles.read(file), StandardCharsets.UTF_8));
    try {
      return RecordBinder.bind(type, tree);
    } catch (BindingException e) {
      throw new DataException(file + ": not a record of this program: " + e.getMessage(), e);
    }
  }
}
