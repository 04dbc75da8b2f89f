package io.facet.transforms.embed;

import io.facet.models.train.teacher.FeatureType;
import java.io.Serializable;
import java.util.List;

/**
 * A teacher whose outputs are cached.
 *
 * @param uri of its model file or frozen model
 * @param prompts URI of its frozen prompts, empty without
 * @param promptTokens tokens a prompt set, 0 without
 * @param taps outputs kept beside the embedding
 * @param type how they are kept
 * @param device where a network runs, as recipes name it; frozen models run on the host
 */
public record TeacherModel(
    String uri,
    String prompts,
    int promptTokens,
    List<String> taps,
    FeatureType type,
    String device)
    implements Serializable {}
