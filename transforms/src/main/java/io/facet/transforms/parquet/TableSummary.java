package io.facet.transforms.parquet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.TableDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * What {@code TABLE/summary.json} says once a table is written: only the files it names are data.
 *
 * @param table name of the table
 * @param rows number of rows
 * @param digest order-free digest of the rows, see {@link io.facet.transforms.row.TableDigest}
 * @param parts data files by name; none if there is no row
 */
public record TableSummary(String table, long rows, String digest, List<TablePart> parts)
    implements Serializable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The summary of a table of these files. */
  public static TableSummary of(String table, List<TablePart> parts) {
    TableDigest all =
        TableDigest.sum(
            parts.stream().map(part -> new TableDigest(part.rows(), part.digest())).toList());
    return new TableSummary(
        table,
        all.rows(),
        all.digest(),
        parts.stream().sorted(Comparator.comparing(TablePart::file)).toList());
  }

  /** Where a table's summary stands below its attempt folder. */
  public static String name(String table) {
    return table + "/summary.json";
  }

  /** Writes the summary below the attempt folder. */
  public void write(String attemptUri) throws IOException {
    StoredFiles.write(
        StoredFiles.below(attemptUri, name(table)),
        JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The summary of a table below an attempt folder.
   *
   * @throws DataException if it is not there or no summary
   */
  public static TableSummary read(String attemptUri, String table) throws IOException {
    String uri = StoredFiles.below(attemptUri, name(table));
    try {
      return JSON.readValue(StoredFiles.read(uri), TableSummary.class);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": not found; the table was never written whole", e);
    } catch (JsonProcessingException e) {
      throw new DataException(uri + ": no table summary: " + e.getOriginalMessage(), e);
    }
  }

  /** The URIs of the data files, given the attempt folder they stand in. */
  public List<String> uris(String attemptUri) {
    return parts.stream().map(part -> StoredFiles.below(attemptUri, part.file())).toList();
  }
}
