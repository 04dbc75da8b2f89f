package io.facet.transforms.publish;

import io.facet.transforms.embed.FaceFiles;

/**
 * A model to be exported and checked.
 *
 * @param name of the model in the run, such as {@code cakd#1}
 * @param model URI of its model file
 * @param faces files of faces to check the export with
 * @param parityFaces number of faces compared
 * @param parity largest accepted cosine distance between our embedding and the export's
 */
public record PublishJob(
    String name, String model, FaceFiles faces, int parityFaces, double parity) {}
