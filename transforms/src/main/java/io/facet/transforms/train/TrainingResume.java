package io.facet.transforms.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a training went on the last time it did; {@code resumed.json} of an attempt folder.
 *
 * @param step of the checkpoint, 0 if it began anew
 * @param totalSteps of the whole run
 * @param damaged what was found about checkpoints that cannot be used, a line each
 * @param at when, in milliseconds since 1970
 */
public record TrainingResume(long step, long totalSteps, List<String> damaged, long at) {
  private static final String FILE = "resumed.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What {@link #put} wrote last; empty if nothing, or if it is being written. */
  public static Optional<TrainingResume> read(AttemptFolder attempt) throws IOException {
    try {
      return Optional.of(JSON.readValue(attempt.get(FILE), TrainingResume.class));
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  void put(AttemptFolder attempt) throws IOException {
    attempt.put(FILE, JSON.writeValueAsBytes(this));
  }
}
