package io.facet.models.format;

import java.io.Serializable;

/**
 * One line of a list of verification pairs, by image names.
 *
 * @param position in the list, from 0
 * @param fold of the protocol
 * @param left name of the first image below the image folder
 * @param right name of the second image
 * @param same whether both show one person
 */
public record NamedPair(int position, int fold, String left, String right, boolean same)
    implements Serializable {}
