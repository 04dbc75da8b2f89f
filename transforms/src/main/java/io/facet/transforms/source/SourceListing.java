package io.facet.transforms.source;

import io.facet.models.format.NamedPair;
import io.facet.models.format.TemplateLists;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a source offers, found without reading images.
 *
 * @param samples images, names unique
 * @param pairs of a verification source, by names of {@code samples} or of missing images; empty
 *     otherwise
 * @param skipped files beside the images that are none
 * @param templates what is compared instead of pairs of images; their faces are named as in {@code
 *     samples}
 */
public record SourceListing(
    List<SourceSample> samples,
    List<NamedPair> pairs,
    SkippedFiles skipped,
    Optional<TemplateLists> templates) {
  public SourceListing {
    samples = List.copyOf(samples);
    pairs = List.copyOf(pairs);
  }

  /** A listing without templates. */
  public SourceListing(List<SourceSample> samples, List<NamedPair> pairs, SkippedFiles skipped) {
    this(samples, pairs, skipped, Optional.empty());
  }

  /** A listing of templates. */
  public SourceListing(List<SourceSample> samples, TemplateLists templates) {
    this(samples, List.of(), SkippedFiles.NONE, Optional.of(templates));
  }

  /** A listing that skipped nothing. */
  public SourceListing(List<SourceSample> samples, List<NamedPair> pairs) {
    this(samples, pairs, SkippedFiles.NONE);
  }

  /** All identities, in alphabetical order. */
  public Set<String> identities() {
    Set<String> identities = new TreeSet<>();
    samples.forEach(sample -> identities.add(sample.identity()));
    identities.remove("");
    return identities;
  }
}
