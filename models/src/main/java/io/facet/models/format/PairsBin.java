package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * InsightFace's verification sets ({@code lfw.bin}, {@code cfp_fp.bin} ...): a pickle of a list of
 * encoded images, two a pair, and a list that says of each pair whether it shows one person.
 * Nothing in the file is run.
 *
 * @param images encoded images; pair i has images 2 i and 2 i + 1
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
    Impostor.of(Arrays.copyOf(bytes, Math.min(bytes.length, Impostor.BYTES)))
        .filter(kind -> kind != Impostor.PICKLE)
        .ifPresent(
            kind -> {
              throw kind.refusal(name);
            });
    Object root = Unpickler.read(ByteBuffer.wrap(bytes), name, PlainGlobals::find);
    List<?> parts = list(root);
    if (parts.size() != 2 || !isList(parts.get(0)) || !isList(parts.get(1))) {
      throw new DataException(
          name + " is not a verification set: it must hold a list of images and a list of answers");
    }
    List<?> stored = list(parts.get(0));
    List<?> answers = list(parts.get(1));
    if (stored.size() != 2 * answers.size()) {
      throw new DataException(
          "%s holds %d images for %d pairs, needs %d; fetch it again"
              .formatted(name, stored.size(), answers.size(), 2 * answers.size()));
    }
    List<byte[]> images = new ArrayList<>(stored.size());
    for (Object image : stored) {
      images.add(image(image, name, images.size()));
    }
    List<Boolean> same = new ArrayList<>(answers.size());
    for (Object answer : answers) {
      same.add(answer(answer, name, same.size()));
    }
    return new PairsBin(images, same);
  }

  private static boolean isList(Object value) {
    return value instanceof List<?> || value instanceof NumpyPickle.Array;
  }

  private static List<?> list(Object value) {
    if (value instanceof NumpyPickle.Array array) {
      return array.elements();
    }
    return value instanceof List<?> list ? list : List.of();
  }

  private static byte[] image(Object image, String name, int index) {
    if (image instanceof byte[] bytes) {
      return bytes;
    }
    if (image instanceof NumpyPickle.Array array && array.holdsBytes()) {
      return array.bytes();
    }
    throw new DataException(
        "%s: image %d is not a sequence of bytes; store the encoded images (JPEG or PNG)"
            .formatted(name, index));
  }

  private static boolean answer(Object answer, String name, int index) {
    if (answer instanceof Boolean value) {
      return value;
    }
    if (answer instanceof Number value && (value.doubleValue() == 0 || value.doubleValue() == 1)) {
      return value.doubleValue() == 1;
    }
    throw new DataException(
        name + ": the answer of pair " + index + " is neither true nor false; fetch it again");
  }
}
