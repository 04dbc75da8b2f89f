package io.facet.transforms.pack;

/**
 * A data file of a committed table.
 *
 * @param uri of the file
 * @param bytes its size
 * @param sha256 of its content, 64 hexadecimal digits
 */
public record DataFile(String uri, long bytes, String sha256) {}
