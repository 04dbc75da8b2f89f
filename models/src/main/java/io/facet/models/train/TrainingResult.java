package io.facet.models.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a training run leaves.
 *
 * @param student weights by name
 * @param classifier class weights {@code (C, d)} row by row; empty when no identity term was used
 * @param adapters weights of the method's adapters and state by name
 * @param prompts trained prompts by name; empty when none were trained
 * @param last the last line of history
 * @param steps optimiser steps done
 * @param epoch the epoch whose weights these are, from 1
 */
public record TrainingResult(
    Map<String, float[]> student,
    Optional<float[]> classifier,
    Map<String, float[]> adapters,
    Map<String, float[]> prompts,
    List<HistoryPoint> last,
    long steps,
    int epoch) {}
