package io.facet.pipelines.artifact;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last computed from the artifacts of a stage, kept as {@link #FILE} of the stage's folder
 * under a key that stands for all it came from.
 *
 * <p>It is a cache: a file that is damaged, of another key or cannot be written costs time, nothing
 * else.
 */
final class LastResult {
  static final String FILE = "last-result.bin";

  private static final Logger LOG = LoggerFactory.getLogger(LastResult.class);

  private LastResult() {}

  private static String uri(String root, String stage) {
    return root + "/" + stage + "/" + FILE;
  }

  /** The result of that key, if it is the last one and whole. */
  static Optional<byte[]> read(String root, String stage, String key) {
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

  /** Keeps a result instead of the one before. */
  static void keep(String root, String stage, String key, byte[] result) {
    byte[] seal = seal(key, result);
    byte[] bytes = Arrays.copyOf(seal, seal.length + result.length);
    System.arraycopy(result, 0, bytes, seal.length, result.length);
    try {
      LocalFiles.replace(uri(root, stage), bytes);
    } catch (IOException e) {
      LOG.debug("{} cannot be written: {}", uri(root, stage), e.getMessage());
    }
  }

  /** Deletes the file, so that nothing is left in it of an artifact that goes. */
  static void delete(String root, String stage) throws IOException {
    StoredFiles.delete(List.of(uri(root, stage)));
  }

  /** Stands before a result: a digest of it and its key. */
  private static byte[] seal(String key, byte[] result) {
    String text = FileDigests.sha256(result) + key;
    return FileDigests.sha256(text.getBytes(StandardCharsets.UTF_8))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
