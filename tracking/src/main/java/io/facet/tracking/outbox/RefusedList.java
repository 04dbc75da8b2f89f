package io.facet.tracking.outbox;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.tracking.file.Locks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What MLflow refused for good, with its reason: one line of JSON each. Kept for people. */
public final class RefusedList {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Path file;

  /**
   * One thing refused.
   *
   * @param run uuid of its run
   * @param what what it was, such as {@code param learningRate}
   * @param reason MLflow's words
   */
  public record Refused(String run, String what, String reason) {}

  RefusedList(Path file) {
    this.file = file;
  }

  /** Adds what is not in the list yet; a repeated delivery adds nothing. */
  public void add(List<Refused> more) throws IOException {
    Set<Refused> known = new LinkedHashSet<>(read());
    StringBuilder lines = new StringBuilder();
    for (Refused refused : more) {
      if (known.add(refused)) {
        lines.append(JSON.writeValueAsString(refused)).append('\n');
      }
    }
    Files.writeString(
        file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Changes the words of the list.
   *
   * @param change empty if they stay
   */
  void blot(Function<byte[], Optional<byte[]>> change) throws IOException {
    if (Files.exists(file)) {
      Optional<byte[]> changed = change.apply(Files.readAllBytes(file));
      if (changed.isPresent()) {
        Locks.replace(file, changed.get());
      }
    }
  }

  /** The list so far. */
  public List<Refused> read() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Refused> list = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.endsWith("}")) {
        list.add(JSON.readValue(line, Refused.class));
      }
    }
    return list;
  }
}
