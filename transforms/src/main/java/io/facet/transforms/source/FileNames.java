package io.facet.transforms.source;

import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import java.util.List;
import java.util.Locale;

/** Names of files that this process may be unable to spell. */
public final class FileNames {
  /** What Java puts where a byte of a name has no meaning in the system's encoding. */
  private static final char REPLACEMENT = '\ufffd';

  private FileNames() {}

  /**
   * Refuses a listing whose names this process cannot read back because of its locale.
   *
   * @throws DataException with the cure
   */
  public static void requireReadable(List<StoredFiles.Listed> files, String folder) {
    if (namesAreUtf8()) {
      return;
    }
    for (StoredFiles.Listed file : files) {
      if (!isSpelt(file.name())) {
        throw new DataException(
            "%s: the name %s cannot be read in the locale's encoding %s; set LC_ALL=C.UTF-8"
                .formatted(folder, file.name(), encoding()));
      }
    }
  }

  /** Whether all bytes of the name were understood. */
  static boolean isSpelt(String name) {
    return name.indexOf(REPLACEMENT) < 0;
  }

  private static boolean namesAreUtf8() {
    return encoding().toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8");
  }

  private static String encoding() {
    return System.getProperty("sun.jnu.encoding", "UTF-8");
  }
}
