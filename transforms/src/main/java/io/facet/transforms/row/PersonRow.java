package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code people} of a training pack: a person with at least one crop in a split.
 *
 * @param split see {@link PackRow}
 * @param identity the name
 * @param number {@link IdentityRow#number} of the name
 */
public record PersonRow(String split, String identity, long number) implements Serializable {}
