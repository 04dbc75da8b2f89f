package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code template-scores}: one model's answers for a block of pairs of templates, column by
 * column; pairs with a template that has no face are left out.
 *
 * @param model name of the model in the run
 * @param set name of the verification set
 * @param first position of the first pair of the block among all pairs of the set, scored or not
 * @param left template of each pair
 * @param right the other template
 * @param same 1 for each pair that shows one person, else 0
 * @param scores cosine of the two features, in -1..1
 */
@SuppressWarnings("ArrayRecordComponent")
public record TemplateScoresRow(
    String model, String set, int first, int[] left, int[] right, byte[] same, float[] scores)
    implements Serializable {}
