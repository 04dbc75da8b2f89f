package io.facet.transforms.parquet;

import java.io.Serializable;

/**
 * A finished data file of a table, described while it was written.
 *
 * @param file relative to the attempt folder
 * @param rows in it
 * @param bytes its size
 * @param sha256 of its bytes, 64 lower-case hexadecimal digits
 * @param digest of its rows, see {@link io.facet.transforms.row.TableDigest}
 */
public record TablePart(String file, long rows, long bytes, String sha256, String digest)
    implements Serializable {}
