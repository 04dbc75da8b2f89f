package io.facet.transforms.pack;

import java.util.List;

/**
 * A training pack as a worker gets it.
 *
 * @param faces data files of table {@code faces} that may have faces of the pack
 * @param images data files of table {@code images} that may have crops which are images as they
 *     are; not read, nor fetched, unless there are such
 * @param rows data files of table {@code pack}, in order
 * @param people data files of table {@code people}
 */
public record PackFiles(
    List<DataFile> faces, List<DataFile> images, List<DataFile> rows, List<String> people) {}
