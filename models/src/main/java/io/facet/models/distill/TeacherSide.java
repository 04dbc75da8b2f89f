package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;

/**
 * What a session knows of one of several teachers before the first step.
 *
 * @param embedding width of its embedding
 * @param taps shapes of its taps without batch axis, prompt tokens included
 * @param classifier its class weights {@code (C, d)} row by row, if it has some
 * @param saliency its saliency map on its token grid, row-major in 0..1, if computed
 * @param promptTokens how many of the last tokens of its taps are prompts
 */
public record TeacherSide(
    int embedding,
    Map<String, Shape> taps,
    Optional<float[]> classifier,
    Optional<float[]> saliency,
    int promptTokens) {}
