package io.facet.transforms.pack;

import java.util.List;

/**
 * A training pack as a worker gets it.
 *
 * @param crops data files of table {@code faces} that may have faces of the pack
 * @param rows data files of table {@code pack}, in order
 * @param people data files of table {@code people}
 */
public record PackFiles(List<DataFile> crops, List<DataFile> rows, List<String> people) {}
