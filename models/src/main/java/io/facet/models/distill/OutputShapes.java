package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * Shapes of what student and teacher give, without batch axis; known before any compute.
 *
 * @param studentEmbedding width of the student's embedding
 * @param teacherEmbedding width of the teacher's embedding, 0 without teacher
 * @param studentTaps of the student's taps
 * @param teacherTaps of the teacher's taps; {@code last} with its prompts
 * @param promptTokens how many of the last tokens of the teacher's tap {@code last} are prompts
 */
public record OutputShapes(
    int studentEmbedding,
    int teacherEmbedding,
    Map<String, Shape> studentTaps,
    Map<String, Shape> teacherTaps,
    int promptTokens) {}
