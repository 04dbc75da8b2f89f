package io.facet.models.train;

import io.facet.models.onnx.LearntRanges;
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
 * @param ranges of activations, if the student learnt to compute in int8
 * @param last the last line of history
 * @param steps optimiser steps done
 * @param epoch the epoch whose weights these are, from 1
 */
public record TrainingResult(
    Map<String, float[]> student,
    Optional<float[]> classifier,
    Map<String, float[]> adapters,
    Map<String, float[]> prompts,
    Optional<LearntRanges> ranges,
    List<HistoryPoint> last,
    long steps,
    int epoch) {}
