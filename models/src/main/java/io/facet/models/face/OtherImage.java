package io.facet.models.face;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Types of images that exist but are not read, told apart by their first bytes. */
public enum OtherImage {
  GIF("GIF", "gif") {
    @Override
    boolean begins(String start) {
      return start.startsWith("GIF87a") || start.startsWith("GIF89a");
    }
  },
  TIFF("TIFF", "tif", "tiff", "dng") {
    @Override
    boolean begins(String start) {
      return start.startsWith("II*\0") || start.startsWith("MM\0*");
    }
  },
  HEIF("HEIF or AVIF", "heic", "heif", "avif") {
    @Override
    boolean begins(String start) {
      return start.startsWith("ftyp", 4)
          && List.of("heic", "heix", "hevc", "mif1", "msf1", "avif", "avis").stream()
              .anyMatch(brand -> start.startsWith(brand, 8));
    }
  },
  JPEG_2000("JPEG 2000", "jp2", "j2k", "jpf") {
    @Override
    boolean begins(String start) {
      return start.startsWith("jP  \r\n", 4) || start.startsWith("\u00ff\u004f\u00ff\u0051");
    }
  },
  JPEG_XL("JPEG XL", "jxl") {
    @Override
    boolean begins(String start) {
      return start.startsWith("JXL ", 4) || start.startsWith("\u00ff\n");
    }
  },
  PNM("PGM or PPM", "pgm", "ppm", "pnm", "pbm") {
    @Override
    boolean begins(String start) {
      return start.matches("(?s)P[1-6]\\s[\\s\\d#].*");
    }
  };

  /** Bytes of a file's start that are enough to tell. */
  public static final int BYTES = 16;

  private final String title;
  private final List<String> endings;

  OtherImage(String title, String... endings) {
    this.title = title;
    this.endings = List.of(endings);
  }

  /** Name for people. */
  public String title() {
    return title;
  }

  abstract boolean begins(String start);

  /** The type these bytes begin like; empty when they begin like none of them. */
  public static Optional<OtherImage> of(byte[] bytes) {
    String start =
        new String(
            Arrays.copyOf(bytes, Math.min(bytes.length, BYTES)), StandardCharsets.ISO_8859_1);
    return Arrays.stream(values()).filter(type -> type.begins(start)).findFirst();
  }

  /** Whether files with this ending, without its dot and in lower case, are usually of one. */
  public static boolean hasEnding(String ending) {
    return Arrays.stream(values()).anyMatch(type -> type.endings.contains(ending))
        || List.of("jfif", "jpe", "jif").contains(ending);
  }
}
