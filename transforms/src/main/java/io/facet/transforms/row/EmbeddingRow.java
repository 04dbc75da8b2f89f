package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code embeddings}: one model's embedding of one face.
 *
 * @param model name of the model in the run
 * @param faceId the face
 * @param values of length 1 (L2-normalised), {@code (d)}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EmbeddingRow(String model, String faceId, float[] values) implements Serializable {}
