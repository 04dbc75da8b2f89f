package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * InsightFace's verification sets ({@code lfw.bin}, {@code cfp_fp.bin} ...): a pickle of a list of
 * encoded pictures, two a pair, and a list that says of each pair whether it shows one person.
 * Nothing in the file is run.
 *
 * @param images encoded pictures; pair i has images 2 i and 2 i + 1
 * @param same one entry a pair
 */
public record PairsBin(List<byte[]> images, List<Boolean> same) {

  /**
   * Reads a file.
   *
   * @throws DataException if it is missing, malformed or asks to run something
   */
  public static PairsBin read(Path file) {
    return read(Files.bytes(file), file.toString());
  }

  /** Reads the bytes of a file; {@code name} is for error messages. */
  public static PairsBin read(byte[] bytes, String name) {
    Object root = Unpickler.read(ByteBuffer.wrap(bytes), name, PairsBin::global);
    if (!(root instanceof List<?> parts)
        || parts.size() != 2
        || !(parts.get(0) instanceof List<?> pictures)
        || !(parts.get(1) instanceof List<?> answers)) {
      throw new DataException(
          name + " is no verification set: it must hold a list of pictures and a list of answers");
    }
    if (pictures.size() != 2 * answers.size()) {
      throw new DataException(
          "%s holds %d pictures for %d pairs, needs %d; fetch it again"
              .formatted(name, pictures.size(), answers.size(), 2 * answers.size()));
    }
    List<byte[]> images = new ArrayList<>(pictures.size());
    for (Object picture : pictures) {
      images.add(picture(picture, name, images.size()));
    }
    List<Boolean> same = new ArrayList<>(answers.size());
    for (Object answer : answers) {
      same.add(answer(answer, name, same.size()));
    }
    return new PairsBin(images, same);
  }

  private static byte[] picture(Object picture, String name, int index) {
    if (picture instanceof byte[] bytes) {
      return bytes;
    }
    throw new DataException(
        name + ": picture " + index + " is no sequence of bytes; fetch the file again");
  }

  private static boolean answer(Object answer, String name, int index) {
    if (answer instanceof Boolean value) {
      return value;
    }
    if (answer instanceof Long value && (value == 0 || value == 1)) {
      return value == 1;
    }
    throw new DataException(
        name + ": the answer of pair " + index + " is neither true nor false; fetch it again");
  }

  /** Python 3 writes bytes in protocol 2 as a call that turns Latin-1 text into bytes. */
  private static Unpickler.Global global(String module, String name) {
    if (module.equals("_codecs") && name.equals("encode")) {
      return PairsBin::encode;
    }
    boolean builtins = module.equals("__builtin__") || module.equals("builtins");
    if (builtins && Set.of("bytes", "bytearray").contains(name)) {
      return arguments -> arguments.isEmpty() ? new byte[0] : (byte[]) arguments.get(0);
    }
    return null;
  }

  private static Object encode(List<Object> arguments) {
    if (arguments.size() == 2
        && arguments.get(0) instanceof String text
        && arguments.get(1) instanceof String encoding
        && Set.of("latin1", "latin-1").contains(encoding)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    throw new IllegalArgumentException("unknown text encoding");
  }
}
