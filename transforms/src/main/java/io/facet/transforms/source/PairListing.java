package io.facet.transforms.source;

import io.facet.models.DataException;
import io.facet.models.format.NamedPair;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Listings of verification sources: a list of pairs beside a folder of pictures. */
final class PairListing {
  private PairListing() {}

  /**
   * The text of a list.
   *
   * @throws DataException if it is missing
   */
  static String text(String uri) throws IOException {
    try {
      return new String(StoredFiles.read(uri), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": pair list not found; correct the path or data.root", e);
    }
  }

  /** The pictures the pairs name. Missing ones are listed too, so that they end as rejects. */
  static SourceListing of(List<NamedPair> pairs, String folder, String namespace)
      throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (NamedPair pair : pairs) {
      names.add(pair.left());
      names.add(pair.right());
    }
    Map<String, StoredFiles.Listed> files = ImageFolder.byName(folder);
    List<SourceSample> samples = new ArrayList<>();
    for (String name : names) {
      StoredFiles.Listed file = files.get(name);
      samples.add(
          SourceSample.file(
              name,
              ImageFolder.firstDirectory(name, namespace),
              StoredFiles.below(folder, name),
              file == null ? "" : ImageFolder.stamp(file)));
    }
    return new SourceListing(samples, pairs);
  }
}
