package io.facet.pipelines.artifact;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/** Sizes and SHA-256 digests of files and texts. */
public final class FileDigests {
  private FileDigests() {}

  /** SHA-256 as 64 lower-case hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** SHA-256 of a file on any of Beam's file systems. */
  public static String sha256(String uri) throws IOException {
    return describe(uri, uri).sha256();
  }

  static Manifest.DataFile describe(String name, String uri) throws IOException {
    MessageDigest digest = digest();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Channels.newInputStream(FileSystems.open(StoredFiles.resource(uri)))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes += n;
      }
    }
    return new Manifest.DataFile(name, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** Size of a file; empty if it is not there. */
  static Optional<Long> size(String uri) throws IOException {
    MatchResult match = FileSystems.match(uri, EmptyMatchTreatment.DISALLOW);
    return match.status() == MatchResult.Status.NOT_FOUND || match.metadata().isEmpty()
        ? Optional.empty()
        : Optional.of(match.metadata().get(0).sizeBytes());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
