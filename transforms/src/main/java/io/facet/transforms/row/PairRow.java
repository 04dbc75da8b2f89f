package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code pairs}: one comparison of a verification set.
 *
 * @param set name of the verification set
 * @param position of the pair in its list, from 0
 * @param fold of the protocol, numbered as in the list
 * @param leftImageId first image
 * @param rightImageId second image
 * @param same whether both show one person
 */
public record PairRow(
    String set, int position, int fold, String leftImageId, String rightImageId, boolean same)
    implements Serializable {}
