package io.facet.transforms.source.format;

import io.facet.models.DataException;
import io.facet.models.format.NamedPair;
import io.facet.models.format.TextFile;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Listings of verification sources: a list of pairs beside a folder of images. */
final class PairListing {
  private PairListing() {}

  /**
   * The text of a list.
   *
   * @throws DataException if it is missing
   */
  static String text(String uri) throws IOException {
    try {
      return TextFile.text(StoredFiles.read(uri), uri);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": pair list not found; correct the path or data.root", e);
    }
  }

  /**
   * The images the pairs name, and the pairs with their folds. Missing images are listed too, so
   * that they end as rejects.
   */
  static SourceListing of(List<NamedPair> listed, String folder, String namespace)
      throws IOException {
    List<NamedPair> pairs = FoldedPairs.of(listed);
    TreeSet<String> names = new TreeSet<>();
    for (NamedPair pair : pairs) {
      names.add(pair.left());
      names.add(pair.right());
    }
    ListedImages files = new ListedImages(ImageFolder.all(folder));
    List<SourceSample> samples = new ArrayList<>();
    for (String name : names) {
      StoredFiles.Listed file = files.find(name);
      samples.add(
          SourceSample.file(
              name,
              ImageFolder.firstDirectory(name, namespace),
              file == null ? StoredFiles.below(folder, name) : file.uri(),
              file == null ? "" : ImageFolder.stamp(file)));
    }
    return new SourceListing(samples, pairs);
  }
}
