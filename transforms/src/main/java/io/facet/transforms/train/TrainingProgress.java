package io.facet.transforms.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.train.HistoryPoint;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One progress segment of a training: what happened at one step.
 *
 * @param step optimiser steps done
 * @param totalSteps of the whole run
 * @param points history of the step
 * @param warning an alarm, or empty
 * @param checkpoint whether a checkpoint of the step was saved
 * @param at when, in milliseconds since 1970, so that whoever reads it later says the same
 */
public record TrainingProgress(
    long step,
    long totalSteps,
    List<HistoryPoint> points,
    String warning,
    boolean checkpoint,
    long at) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One JSON line. */
  public byte[] toBytes() {
    try {
      return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain numbers can always be written", e);
    }
  }

  /** Reads what {@link #toBytes} wrote. */
  public static TrainingProgress parse(byte[] bytes) {
    try {
      return JSON.readValue(new String(bytes, StandardCharsets.UTF_8), TrainingProgress.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no progress of a training: " + e.getMessage(), e);
    }
  }
}
