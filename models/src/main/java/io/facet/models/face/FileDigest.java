package io.facet.models.face;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Small files that must have a certain content. */
final class FileDigest {
  private FileDigest() {}

  /**
   * The file's bytes.
   *
   * @param what names the file's use in messages
   * @param expectedSha256 64 hexadecimal digits the content must have
   * @throws DataException if it cannot be read or has another digest
   */
  static byte[] read(String what, Path file, Optional<String> expectedSha256) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          "cannot read the %s '%s'; give the path of the file or put it there"
              .formatted(what, file),
          e);
    }
    String actual = sha256(bytes);
    if (expectedSha256.isPresent()
        && !expectedSha256.get().toLowerCase(Locale.ROOT).equals(actual)) {
      throw new DataException(
          "the %s '%s' has SHA-256 %s and not %s; fetch the right file or correct the digest"
              .formatted(what, file, actual, expectedSha256.get()));
    }
    return bytes;
  }

  /** 64 lower-case hexadecimal digits. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
