package io.facet.models.weights;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Names of identities in the order of a classifier's rows.
 *
 * @param file they come from, for error messages
 * @param names one a row, all different
 */
public record IdentityNames(String file, List<String> names) {
  public IdentityNames {
    names = List.copyOf(names);
  }

  /**
   * Reads a text file of one name a line.
   *
   * @param utf8 its bytes; a byte order mark and Windows line ends do not matter
   * @param namespace put before each name as {@code namespace/name}; empty: the names as they are
   * @throws DataException if the file is empty or not UTF-8, a line is blank, or a name stands
   *     twice
   */
  public static IdentityNames parse(byte[] utf8, String file, String namespace) {
    String text = text(utf8, file);
    List<String> names = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (String line : text.lines().toList()) {
      int number = names.size() + 1;
      if (line.isBlank()) {
        throw new DataException(
            "%s:%d: the line is blank; give one name a line, in the order of the classes"
                .formatted(file, number));
      }
      Integer first = lines.putIfAbsent(line, number);
      if (first != null) {
        throw new DataException(
            "%s:%d: '%s' already stands on line %d; every class needs a name of its own"
                .formatted(file, number, line, first));
      }
      names.add(namespace.isEmpty() ? line : namespace + "/" + line);
    }
    if (names.isEmpty()) {
      throw new DataException(
          file + " is empty; give one name a line, in the order of the classes");
    }
    return new IdentityNames(file, names);
  }

  private static String text(byte[] utf8, String file) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataException(file + " is not text in UTF-8; store it as UTF-8", e);
    }
  }

  /**
   * What tells lists of names apart: the SHA-256 of the names in their order, each as its length in
   * bytes (four bytes, highest first) and its UTF-8 bytes; 64 hexadecimal digits.
   */
  public static String digest(List<String> names) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
