package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code splits}: how much one split holds.
 *
 * @param split see {@link SampleRow}
 * @param samples names of images
 * @param identities people who are known to be on them
 */
public record SplitRow(String split, long samples, long identities) implements Serializable {}
