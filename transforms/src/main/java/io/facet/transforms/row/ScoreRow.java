package io.facet.transforms.row;

import java.io.Serializable;

/**
 * The table of scores: one model's answer for one pair.
 *
 * @param model name of the model in the run
 * @param set name of the verification set
 * @param position of the pair in its list, from 0
 * @param fold of the protocol, numbered as in the list
 * @param same whether both show one person
 * @param leftFaceId first face
 * @param rightFaceId second face
 * @param leftImageId first image
 * @param rightImageId second image
 * @param score cosine of the embeddings in -1..1
 */
public record ScoreRow(
    String model,
    String set,
    int position,
    int fold,
    boolean same,
    String leftFaceId,
    String rightFaceId,
    String leftImageId,
    String rightImageId,
    double score)
    implements Serializable {}
