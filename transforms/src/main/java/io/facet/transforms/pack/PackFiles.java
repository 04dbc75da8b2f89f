package io.facet.transforms.pack;

import java.util.List;

/**
 * A training pack as a worker gets it.
 *
 * @param shards data files of table {@code pack}, in order
 * @param people data files of table {@code people}
 */
public record PackFiles(List<Shard> shards, List<String> people) {

  /**
   * One data file.
   *
   * @param uri of the file
   * @param bytes its size
   * @param sha256 of its content, 64 hexadecimal digits
   */
  public record Shard(String uri, long bytes, String sha256) {}
}
