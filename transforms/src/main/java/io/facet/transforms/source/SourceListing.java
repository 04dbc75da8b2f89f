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
 * @param files of more images, which workers list as they read them
 * @param pairs of a verification source, by names of {@code samples} or of missing images; empty
 *     otherwise
 * @param skipped files beside the images that are none
 * @param templates what is compared instead of pairs of images; their faces are named as in {@code
 *     samples}
 */
public record SourceListing(
    List<SourceSample> samples,
    List<PackedFile> files,
    List<NamedPair> pairs,
    SkippedFiles skipped,
    Optional<TemplateLists> templates) {
  public SourceListing {
    samples = List.copyOf(samples);
    files = List.copyOf(files);
    pairs = List.copyOf(pairs);
  }

  /** A listing of single images. */
  public SourceListing(List<SourceSample> samples, List<NamedPair> pairs, SkippedFiles skipped) {
    this(samples, List.of(), pairs, skipped, Optional.empty());
  }

  /** A listing of templates. */
  public SourceListing(List<SourceSample> samples, TemplateLists templates) {
    this(samples, List.of(), List.of(), SkippedFiles.NONE, Optional.of(templates));
  }

  /** A listing that skipped nothing. */
  public SourceListing(List<SourceSample> samples, List<NamedPair> pairs) {
    this(samples, pairs, SkippedFiles.NONE);
  }

  /** A listing of files of images. */
  public static SourceListing packed(List<PackedFile> files) {
    return new SourceListing(List.of(), files, List.of(), SkippedFiles.NONE, Optional.empty());
  }

  /** Whether only reading its files tells who and how many they hold. */
  public boolean isPacked() {
    return !files.isEmpty();
  }

  /** Number of images, about so many where {@link #isPacked}. */
  public long images() {
    return samples.size() + files.stream().mapToLong(PackedFile::images).sum();
  }

  /** The identities of all samples, in alphabetical order. */
  public Set<String> identities() {
    Set<String> identities = new TreeSet<>();
    samples.forEach(sample -> identities.add(sample.identity()));
    identities.remove("");
    return identities;
  }
}
