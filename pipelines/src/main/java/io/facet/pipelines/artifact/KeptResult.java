package io.facet.pipelines.artifact;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read or computed from the artifacts of a stage, kept in a file of the stage's folder
 * under a key: of each kind what was kept last.
 *
 * <p>It is a cache: a file that is damaged, of another key or cannot be written costs time, nothing
 * else.
 */
public enum KeptResult {
  /** What was last computed; the key stands for all it came from. */
  COMPUTED("last-result.bin"),

  /** What was last read, so that only new artifacts are; the key stands for its format. */
  READ("last-read.bin");

  private static final Logger LOG = LoggerFactory.getLogger(KeptResult.class);

  private final String file;

  KeptResult(String file) {
    this.file = file;
  }

  private String uri(String root, String stage) {
    return root + "/" + stage + "/" + file;
  }

  /** The bytes of that key, if they were kept last and are whole. */
  Optional<byte[]> find(String root, String stage, String key) {
    String uri = uri(root, stage);
    try {
      if (!StoredFiles.exists(uri)) {
        return Optional.empty();
      }
      byte[] bytes = StoredFiles.read(uri);
      int head = seal(key, new byte[0]).length;
      byte[] result = Arrays.copyOfRange(bytes, Math.min(head, bytes.length), bytes.length);
      return Arrays.equals(seal(key, result), 0, head, bytes, 0, Math.min(head, bytes.length))
          ? Optional.of(result)
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} cannot be read: {}", uri, e.getMessage());
      return Optional.empty();
    }
  }

  /** Keeps bytes instead of those before. */
  void keep(String root, String stage, String key, byte[] result) {
    byte[] seal = seal(key, result);
    byte[] bytes = Arrays.copyOf(seal, seal.length + result.length);
    System.arraycopy(result, 0, bytes, seal.length, result.length);
    try {
      LocalFiles.replace(uri(root, stage), bytes);
    } catch (IOException e) {
      LOG.debug("{} cannot be written: {}", uri(root, stage), e.getMessage());
    }
  }

  /** Deletes all kinds, so that nothing is left in them of an artifact that goes. */
  static void delete(String root, String stage) throws IOException {
    StoredFiles.delete(Stream.of(values()).map(kind -> kind.uri(root, stage)).toList());
  }

  /** Stands before a result: a digest of it and its key. */
  private static byte[] seal(String key, byte[] result) {
    String text = FileDigests.sha256(result) + key;
    return FileDigests.sha256(text.getBytes(StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
