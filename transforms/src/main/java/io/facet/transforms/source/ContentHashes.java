package io.facet.transforms.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * SHA-256 of source files, remembered between runs as long as a file's size and time stay the same:
 * planning again over unchanged sources reads none of them. Kept as one row of JSON a file. Safe
 * for several threads.
 */
public final class ContentHashes {
  /** The hash that stands for a file that is not there. */
  public static final String MISSING = "missing";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Row> known = new ConcurrentHashMap<>();
  private final Map<String, Row> used = new ConcurrentHashMap<>();
  private int loaded;
  private volatile boolean changed;

  private final Map<String, RecordHashes> inside = new HashMap<>();
  private final Optional<String> home;

  /**
   * A remembered hash.
   *
   * @param uri of the file
   * @param stamp of the version it was computed of
   */
  public record Row(String uri, String stamp, String sha256) {}

  /** Hashes all images inside one file. */
  @FunctionalInterface
  public interface Reading {
    RecordHashes hashes() throws IOException;
  }

  /** Computes a hash. */
  @FunctionalInterface
  private interface Hashing {
    String of(String uri) throws IOException;
  }

  /** Remembers nothing yet. */
  public ContentHashes() {
    home = Optional.empty();
  }

  private ContentHashes(String uri) {
    home = Optional.of(uri);
  }

  /** What {@link #save} kept in that file, as far as it is there and whole. */
  public static ContentHashes load(String uri) throws IOException {
    ContentHashes hashes = new ContentHashes(uri);
    try (InputStream in = StoredFiles.open(uri);
        MappingIterator<Row> rows = JSON.readerFor(Row.class).readValues(in)) {
      while (rows.hasNextValue()) {
        Row row = rows.nextValue();
        hashes.known.put(row.uri(), row);
      }
      hashes.loaded = hashes.known.size();
    } catch (FileNotFoundException | JsonProcessingException e) {
      return hashes;
    }
    return hashes;
  }

  /** Does not keep files with a hash of that kind: they are read again each time. */
  public void forget(Predicate<String> sha256) {
    used.values().removeIf(file -> sha256.test(file.sha256()));
  }

  /** Keeps the hashes of all files asked for since loading, if anything changed. */
  public void save(String uri) throws IOException {
    if (changed || used.size() != loaded) {
      write(uri, new TreeMap<>(used).values());
    }
  }

  /** Takes rows out of a file that {@link #save} wrote. Whoever reads it meanwhile hashes again. */
  public static void without(String uri, Predicate<Row> rows) throws IOException {
    List<Row> kept = new ArrayList<>(load(uri).known.values());
    kept.removeIf(rows);
    kept.sort(Comparator.comparing(Row::uri));
    write(uri, kept);
  }

  /** Writes rows as {@link #load} reads them. */
  private static void write(String uri, Iterable<Row> rows) throws IOException {
    StoredFiles.write(
        uri,
        out -> {
          SequenceWriter writer =
              JSON.writer().withRootValueSeparator("\n").forType(Row.class).writeValues(out);
          for (Row row : rows) {
            writer.write(row);
          }
          writer.flush();
        });
  }

  /**
   * The hash of a file, 64 hexadecimal digits, or {@link #MISSING}.
   *
   * @param stamp see {@link SourceSample}; empty: read it in any case
   */
  public String sha256(String uri, String stamp) throws IOException {
    return remembered(uri, stamp, ContentHashes::hash);
  }

  /**
   * What stands for the content of a large file: see {@link ChunkedDigest}. Its parts are read side
   * by side.
   *
   * @param stamp see {@link PackedFile}
   * @throws FileNotFoundException if there is none
   */
  public String chunked(String uri, String stamp) throws IOException {
    return remembered(uri, stamp, ChunkedDigest::of);
  }

  private String remembered(String uri, String stamp, Hashing hashing) throws IOException {
    Row before = known.get(uri);
    if (before == null || stamp.isEmpty() || !before.stamp().equals(stamp)) {
      before = new Row(uri, stamp, hashing.of(uri));
      changed = true;
      known.put(uri, before);
    }
    if (!before.sha256().equals(MISSING)) {
      used.put(uri, before);
    }
    return before.sha256();
  }

  /**
   * The hash of one image inside a file, 64 hexadecimal digits. On first sight of a file, or of a
   * changed one, all images in it are read; what they gave is kept beside the file of {@link #load}
   * at once.
   *
   * @param stamp see {@link SourceSample}
   * @param record of the image
   */
  public synchronized String inside(String uri, String stamp, long record, Reading reading)
      throws IOException {
    RecordHashes hashes = inside.get(uri);
    if (hashes == null || !hashes.stamp().equals(stamp)) {
      Optional<String> kept = home.map(place -> place + "." + Sha256.hex(uri).substring(0, 16));
      hashes = kept.flatMap(place -> RecordHashes.load(place, stamp)).orElse(null);
      if (hashes == null) {
        hashes = reading.hashes().with(stamp);
        if (kept.isPresent()) {
          hashes.save(kept.get());
        }
      }
      inside.put(uri, hashes);
    }
    return hashes.of(record);
  }

  private static String hash(String uri) throws IOException {
    try (InputStream in = StoredFiles.open(uri)) {
      MessageDigest digest = Sha256.begin();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (FileNotFoundException e) {
      return MISSING;
    }
  }
}
