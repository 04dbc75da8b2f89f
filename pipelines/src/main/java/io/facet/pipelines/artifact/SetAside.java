package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.JsonText;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attempts that were committed once and are damaged: a note in the folder keeps them from being
 * resumed or swept. They stay where they are, since sound files in them may belong to other
 * artifacts too.
 */
final class SetAside {
  private static final String NOTE = "set-aside.json";

  private SetAside() {}

  /** Whether an attempt is set aside. */
  static boolean is(AttemptFolder attempt) throws IOException {
    return attempt.contains(NOTE);
  }

  /** Notes why an attempt is set aside. */
  static void mark(AttemptFolder attempt, String why, Instant when) throws IOException {
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    note.put("why", why);
    note.put("when", when.toString());
    attempt.put(NOTE, JsonText.pretty(note).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A set-aside attempt of a fingerprint that holds checkpoints: what follows the last of them is
   * made again at once.
   */
  static Optional<AttemptFolder> withCheckpoints(String folder) throws IOException {
    for (AttemptFolder attempt : below(folder)) {
      if (attempt.list().stream().anyMatch(file -> file.name().startsWith("checkpoints/"))) {
        return Optional.of(attempt);
      }
    }
    return Optional.empty();
  }

  /** The attempts of a fingerprint that are set aside. */
  static List<AttemptFolder> below(String folder) throws IOException {
    List<AttemptFolder> found = new ArrayList<>();
    for (String name : StoreFolders.names(folder)) {
      AttemptFolder attempt = new AttemptFolder(folder + "/" + name);
      if (name.startsWith("attempt-") && is(attempt)) {
        found.add(attempt);
      }
    }
    return found;
  }

  /** Copies checkpoints into a new attempt; the history before them first, which they need. */
  static void copyCheckpoints(AttemptFolder from, AttemptFolder to) throws IOException {
    for (String part : List.of("progress/", "checkpoints/")) {
      for (StoredFiles.Listed file : from.list()) {
        if (file.name().startsWith(part)) {
          StoredFiles.copy(file.uri(), to.uri(file.name()));
        }
      }
    }
  }
}
