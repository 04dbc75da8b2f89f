package io.facet.models.format;

import io.facet.models.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that stand where another file is expected, told by their first bytes. */
public enum Impostor {
  EMPTY("is empty; fetch it again"),
  LFS_POINTER(
      "is a Git LFS pointer, not the file itself; run 'git lfs pull' where it was cloned, or"
          + " download the file"),
  HTML(
      "is a web page (HTML), not the file itself; use the address of the download, not of its page"),
  JSON_ERROR("is a JSON text, perhaps a server's error message; fetch the file again"),
  HDF5("is an HDF5 file (Keras); export the model to ONNX or save its weights as safetensors"),
  TAR("is a tar archive; unpack it and name the file inside"),
  GZIP("is compressed with gzip; unpack it first"),
  BZIP2("is compressed with bzip2; unpack it first"),
  XZ("is compressed with xz; unpack it first"),
  SEVEN_ZIP("is a 7-Zip archive; unpack it and name the file inside"),
  RAR("is a RAR archive; unpack it and name the file inside"),
  ZIP("is a zip archive; unpack it and name the file inside"),
  IMAGE("is an image"),
  PDF("is a PDF document"),
  PARQUET("is a Parquet table"),
  NUMPY("is a NumPy array (.npy)"),
  PICKLE("is a Python pickle");

  /** Bytes of a file's start that are enough to tell. */
  public static final int BYTES = 512;

  private static final Pattern PAGE =
      Pattern.compile(
          "<(!doctype\\s+html|html|head|body|\\?xml[^>]*>\\s*<!doctype\\s+html)[\\s>].*");

  private static final int TAR_MARK = 257;

  private final String phrase;

  Impostor(String phrase) {
    this.phrase = phrase;
  }

  /** What to say behind the file's name: {@code is a tar archive; unpack it ...}. */
  public String phrase() {
    return phrase;
  }

  /**
   * What else a file is, by its start; empty if it is nothing known. Ask only when the file is not
   * what was expected: a state dict, for one, is a zip archive too.
   *
   * @param start at least {@link #BYTES} bytes, or the whole file
   */
  public static Optional<Impostor> of(byte[] start) {
    if (start.length == 0) {
      return Optional.of(EMPTY);
    }
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return textual(text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading())
        .or(() -> Arrays.stream(values()).filter(kind -> kind.begins(text)).findFirst());
  }

  /**
   * Refuses a file if it is an impostor.
   *
   * @param name of the file
   * @throws DataException saying what it is
   */
  public static void refuse(byte[] start, String name) {
    of(start)
        .ifPresent(
            kind -> {
              throw kind.refusal(name);
            });
  }

  /** The error that says what a file is. */
  public DataException refusal(String name) {
    return new DataException(name + " " + phrase);
  }

  /** Whether this is text, never a start of any binary format that is read here. */
  private static Optional<Impostor> textual(String text) {
    if (text.startsWith("version https://git-lfs.github.com/spec/")) {
      return Optional.of(LFS_POINTER);
    }
    String line = text.substring(0, Math.min(text.length(), 200)).replace('\n', ' ');
    if (PAGE.matcher(line.toLowerCase(Locale.ROOT)).matches()) {
      return Optional.of(HTML);
    }
    return text.startsWith("{\"") ? Optional.of(JSON_ERROR) : Optional.empty();
  }

  private boolean begins(String text) {
    return switch (this) {
      case HDF5 -> text.startsWith("\u0089HDF\r\n\u001a\n");
      case TAR -> text.startsWith("ustar", TAR_MARK);
      case GZIP -> text.startsWith("\u001f\u008b");
      case BZIP2 -> text.startsWith("BZh");
      case XZ -> text.startsWith("\u00fd7zXZ\u0000");
      case SEVEN_ZIP -> text.startsWith("7z\u00bc\u00af\u0027\u001c");
      case RAR -> text.startsWith("Rar!\u001a\u0007");
      case ZIP -> text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006");
      case IMAGE ->
          text.startsWith("\u00ff\u00d8\u00ff")
              || text.startsWith("\u0089PNG\r\n\u001a\n")
              || text.startsWith("GIF8")
              || (text.startsWith("RIFF") && text.startsWith("WEBP", 8));
      case PDF -> text.startsWith("%PDF-");
      case PARQUET -> text.startsWith("PAR1");
      case NUMPY -> text.startsWith("\u0093NUMPY");
      case PICKLE -> text.length() > 1 && text.charAt(0) == 0x80 && text.charAt(1) <= 5;
      case EMPTY, LFS_POINTER, HTML, JSON_ERROR -> false; // told by their text
    };
  }
}
