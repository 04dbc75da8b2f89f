package io.facet.pipelines.report;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Files that a person names on the command line: what goes wrong is told with name and cure. */
public final class NamedFile {
  private NamedFile() {}

  /** Something that reads or writes files. */
  @FunctionalInterface
  public interface Action {
    void run() throws IOException;
  }

  /**
   * The bytes of a file.
   *
   * @throws DataException if it is missing, a folder, or may not be read
   */
  public static byte[] read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + " is a folder; name a file in it");
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(
          Files.exists(file)
              ? "%s cannot be read: %s".formatted(file, reason(e))
              : file + ": no such file",
          e);
    }
  }

  /**
   * Refuses a place for a file that would destroy something else.
   *
   * @param option of the command line, for messages
   * @param inputs what the command reads
   * @return the file itself, behind a link if it is one
   * @throws RecipeException if it is an input, a folder, a device, or write-protected
   */
  public static Path output(String option, Path file, List<Path> inputs) throws IOException {
    if (!Files.exists(file)) {
      return file.toAbsolutePath();
    }
    for (Path input : inputs) {
      if (Files.exists(input) && Files.isSameFile(file, input)) {
        throw new RecipeException("%s: %s is one of the inputs".formatted(option, file));
      }
    }
    if (!Files.isRegularFile(file)) {
      throw new RecipeException(
          "%s: %s is %s; name a file"
              .formatted(option, file, Files.isDirectory(file) ? "a folder" : "no ordinary file"));
    }
    if (!Files.isWritable(file)) {
      throw new RecipeException("%s: %s is write-protected".formatted(option, file));
    }
    return file.toRealPath();
  }

  /**
   * Writes a file whole or not at all.
   *
   * @throws InfrastructureException if it cannot be written
   */
  public static void write(String option, Path file, byte[] bytes) {
    writing(
        option,
        file,
        () -> {
          Path folder = file.toAbsolutePath().getParent();
          Files.createDirectories(folder);
          Path part = Files.createTempFile(folder, "." + file.getFileName(), "");
          try {
            Files.write(part, bytes);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
          } finally {
            Files.deleteIfExists(part);
          }
        });
  }

  /**
   * Does what writes a file.
   *
   * @throws InfrastructureException naming the file, if that fails
   */
  public static void writing(String option, Path file, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new InfrastructureException(
          "%s cannot be written: %s; give another %s".formatted(file, reason(e), option), e);
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such folder";
    }
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") ? "the disk is full" : message;
  }
}
