package io.facet.pipelines.forget;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ids and names that may stand nowhere any more. Bytes are searched for all of them in one
 * pass. An id counts wherever it stands; a name only as a whole word, one of fewer than {@value
 * #FREE_LENGTH} characters only between quotation marks, and one of digits alone, as packed sources
 * give, not at all: in a text it names nobody.
 */
final class ForgottenWords {
  static final int FREE_LENGTH = 3;

  private static final int ID_LENGTH = 64;
  private static final int PART = 1 << 20;
  private static final byte BLOT = '*';

  private final List<List<Word>> byStart = new ArrayList<>();
  private final Set<String> ids;
  private final Set<String> names;
  private final Set<String> identities;
  private int longest;

  /** How a word must stand. */
  private enum Place {
    ANYWHERE,
    WHOLE,
    QUOTED
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Word(byte[] bytes, Place place) {}

  /** The words of what is to be forgotten. */
  ForgottenWords(Wanted wanted) {
    for (int i = 0; i < 1 << Byte.SIZE; i++) {
      byStart.add(new ArrayList<>());
    }
    ids = Set.copyOf(wanted.imageIds());
    ids.forEach(id -> add(id, Place.ANYWHERE));
    names = Set.copyOf(wanted.names());
    identities = Set.copyOf(wanted.identities());
    TreeSet<String> all = new TreeSet<>(names);
    all.addAll(identities);
    all.removeIf(name -> name.matches("[0-9]*"));
    for (String name : all) {
      Place place = name.length() < FREE_LENGTH ? Place.QUOTED : Place.WHOLE;
      add(name, place);
      String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(name));
      if (!escaped.equals(name)) {
        add(escaped, place);
      }
    }
  }

  private void add(String text, Place place) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byStart.get(bytes[0] & 0xff).add(new Word(bytes, place));
    longest = Math.max(longest, bytes.length);
  }

  /**
   * Whether a cell of a table belongs to what is forgotten.
   *
   * @param related whether the table was made from sources with one of the images: another source
   *     may give the same name to another image
   */
  boolean matches(String column, String value, boolean related) {
    if (value.length() >= ID_LENGTH && (ids.contains(value.substring(0, ID_LENGTH)) || in(value))) {
      return true;
    }
    return switch (column) {
      case "identity" -> identities.contains(value);
      case "name" -> related && names.contains(value);
      case "detail" ->
          related
              && (names.stream().anyMatch(name -> holds(value, name))
                  || identities.stream().anyMatch(name -> holds(value, name)));
      default -> false;
    };
  }

  /** Whether a sentence names somebody: between quotation marks, or in a list in brackets. */
  static boolean holds(String sentence, String name) {
    return sentence.contains("'" + name + "'")
        || Arrays.asList(sentence.replaceAll(".*\\[(.*)].*", "$1").split(", ")).contains(name);
  }

  private boolean in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether bytes hold one of the words. */
  boolean in(byte[] bytes) {
    return next(bytes, bytes.length, 0) >= 0;
  }

  /** Whether a file does; a part of it in memory at a time. */
  boolean in(Path file) throws IOException {
    int overlap = longest + 2;
    byte[] part = new byte[PART + overlap];
    try (InputStream in = Files.newInputStream(file)) {
      int kept = 0;
      while (true) {
        int read = in.readNBytes(part, kept, part.length - kept);
        int length = kept + read;
        if (next(part, length, 0) >= 0) {
          return true;
        }
        if (length < part.length) {
          return false;
        }
        kept = overlap;
        System.arraycopy(part, length - overlap, part, 0, overlap);
      }
    }
  }

  /** The same number of bytes with stars in the place of the words; empty if there is none. */
  Optional<byte[]> without(byte[] bytes) {
    byte[] blotted = null;
    int at = next(bytes, bytes.length, 0);
    while (at >= 0) {
      blotted = blotted == null ? bytes.clone() : blotted;
      int end = at + found(bytes, bytes.length, at).orElseThrow().bytes().length;
      Arrays.fill(blotted, at, end, BLOT);
      at = next(bytes, bytes.length, end);
    }
    return Optional.ofNullable(blotted);
  }

  private int next(byte[] bytes, int length, int from) {
    for (int at = from; at < length; at++) {
      if (!byStart.get(bytes[at] & 0xff).isEmpty() && found(bytes, length, at).isPresent()) {
        return at;
      }
    }
    return -1;
  }

  /** The longest word that stands at a place. */
  private Optional<Word> found(byte[] bytes, int length, int at) {
    Word found = null;
    for (Word word : byStart.get(bytes[at] & 0xff)) {
      int end = at + word.bytes().length;
      if (end <= length
          && Arrays.equals(bytes, at, end, word.bytes(), 0, word.bytes().length)
          && stands(word.place(), at == 0 ? ' ' : bytes[at - 1], end == length ? ' ' : bytes[end])
          && (found == null || found.bytes().length < word.bytes().length)) {
        found = word;
      }
    }
    return Optional.ofNullable(found);
  }

  private static boolean stands(Place place, int before, int after) {
    return switch (place) {
      case ANYWHERE -> true;
      case WHOLE -> !ofWord(before) && !ofWord(after);
      case QUOTED -> before == '"' && (after == '"' || after == '\\');
    };
  }

  private static boolean ofWord(int letter) {
    return letter < 0 || letter == '_' || letter == '-' || Character.isLetterOrDigit(letter);
  }
}
