package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Whole files, with errors a user understands. */
final class Files {
  private Files() {}

  static byte[] bytes(Path file) {
    try {
      return java.nio.file.Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + Files.why(e), e);
    }
  }

  /** What went wrong, without the names of classes. */
  static String why(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : String.valueOf(e.getMessage());
  }
}
