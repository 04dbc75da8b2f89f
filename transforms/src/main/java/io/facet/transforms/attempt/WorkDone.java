package io.facet.transforms.attempt;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * How far a job of several tasks is, by what {@link CountWork} wrote.
 *
 * @param done elements that went through the work, never more than expected
 * @param expected elements that were handed to it, 0 if unknown yet
 */
public record WorkDone(long done, long expected) {
  static final String EXPECTED = "expected";
  static final String DONE = "done";
  private static final String FOLDER = "work";

  static String file(String what, UUID task) {
    return FOLDER + "/" + what + "-" + task;
  }

  /** What the tasks of an attempt wrote up to now. */
  public static WorkDone read(AttemptFolder attempt) throws IOException {
    long done = 0;
    long expected = 0;
    for (StoredFiles.Listed file : StoredFiles.list(attempt.uri(FOLDER))) {
      long count = count(StoredFiles.read(file.uri()));
      done += file.name().startsWith(DONE) ? count : 0;
      expected += file.name().startsWith(EXPECTED) ? count : 0;
    }
    return new WorkDone(Math.min(done, expected), expected);
  }

  /** A file that is being replaced may be empty for a moment. */
  private static long count(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** Removes the counts, such as those of an earlier job in the same attempt. */
  public static void clear(AttemptFolder attempt) throws IOException {
    List<StoredFiles.Listed> files = StoredFiles.list(attempt.uri(FOLDER));
    StoredFiles.delete(files.stream().map(StoredFiles.Listed::uri).toList());
  }
}
