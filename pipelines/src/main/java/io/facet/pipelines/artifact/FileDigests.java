package io.facet.pipelines.artifact;

import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sizes and SHA-256 digests of files and texts. */
public final class FileDigests {
  /** Tries after the first. */
  private static final int AGAIN = 2;

  private static final Logger LOG = LoggerFactory.getLogger(FileDigests.class);

  private FileDigests() {}

  /** SHA-256 as 64 lower-case hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** SHA-256 of a file on any of Beam's file systems. */
  public static String sha256(String uri) throws IOException {
    return describe(uri, uri).sha256();
  }

  /**
   * What is wrong with a file, of which every byte is read.
   *
   * @param store root of the store its name is relative to
   */
  public static Optional<Damage> damage(Manifest.DataFile file, String store) throws IOException {
    String uri = file.in(store);
    if (!StoredFiles.exists(uri)) {
      return Optional.of(Damage.missing(uri, file.bytes() + " bytes"));
    }
    Manifest.DataFile there = describe(file.uri(), uri);
    if (there.bytes() != file.bytes()) {
      return Optional.of(Damage.size(uri, file.bytes(), there.bytes()));
    }
    return there.sha256().equals(file.sha256())
        ? Optional.empty()
        : Optional.of(Damage.digest(uri, file.sha256(), there.sha256()));
  }

  /** A shared storage may cut an answer off, which is asked for again then. */
  static Manifest.DataFile describe(String name, String uri) throws IOException {
    for (int left = SharedFiles.of(uri).isPresent() ? AGAIN : 0; ; left--) {
      try {
        return read(name, uri);
      } catch (FileNotFoundException e) {
        throw e;
      } catch (IOException e) {
        if (left == 0) {
          throw e;
        }
        LOG.debug("{} is read again: {}", uri, e.toString());
      }
    }
  }

  private static Manifest.DataFile read(String name, String uri) throws IOException {
    MessageDigest digest = digest();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = StoredFiles.open(uri)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes += n;
      }
    }
    return new Manifest.DataFile(name, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
