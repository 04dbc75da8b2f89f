package io.facet.transforms.source;

import io.facet.models.face.AlignedImages;
import io.facet.models.option.Extension;
import java.io.IOException;

/**
 * A kind of data source a recipe can name: {@code folder}, {@code lfw-pairs}, {@code synthetic}.
 *
 * <p>The driver lists a source to plan; workers list it again and read its images. Both may happen
 * on different machines: options hold paths and URIs, never contents. (The name is an exception to
 * the rule against "Source" in names: this is not a Beam source, but the recipe's word.)
 */
public interface FaceSource<O extends Record> extends Extension<O> {
  /** Longest encoded image that is read; longer files are cut and then rejected. */
  int MAXIMUM_BYTES = 64 << 20;

  /**
   * Images and pairs on offer. The same source gives the same listing.
   *
   * @throws io.facet.models.DataException if there is no such source, or a list in it is malformed
   */
  SourceListing list(O options) throws IOException;

  /** The options with relative paths resolved against a folder, see {@link Locations#resolve}. */
  O relativeTo(O options, String root);

  /** Whether its images come with five landmarks, so that no detector need look for faces. */
  default boolean givesLandmarks() {
    return false;
  }

  /** Whether its listings have templates, which are compared instead of images. */
  default boolean givesTemplates() {
    return false;
  }

  /** Whether its images are aligned crops. */
  default AlignedImages aligned(O options) {
    return AlignedImages.AUTO;
  }

  /** Opens the source for reading; whoever opens closes. Threads share it. */
  default Images open(O options) {
    return new ImageFiles();
  }

  /**
   * What stands for an image's content in fingerprints: SHA-256 of its encoded bytes, whatever file
   * they lie in, so that equal images are known as equal. A source that makes its images may hash
   * what they are made from.
   */
  default String contentId(O options, SourceSample sample, ContentHashes hashes)
      throws IOException {
    if (sample.record() >= 0) {
      throw new IllegalStateException(key() + " packs images and must hash them one by one");
    }
    return hashes.sha256(sample.uri(), sample.stamp());
  }

  /** The images of an open source. Safe for use by many threads. */
  interface Images extends AutoCloseable {
    /**
     * One image, at most one byte more than {@link #MAXIMUM_BYTES}.
     *
     * @throws java.io.FileNotFoundException if it is missing
     */
    SourceImage read(SourceSample sample) throws IOException;

    /**
     * Goes over the images of a range without reading them; asked for the ranges of files without
     * an index, where the place of an image in its file is part of its name.
     */
    default SourceRange.Extent extent(SourceRange range) throws IOException {
      throw new UnsupportedOperationException("the source has no packed files");
    }

    /**
     * All images of a range of a file that the listing names.
     *
     * @param before records before it in the file; 0 where there is an index
     * @throws io.facet.models.DataException if the file as a whole cannot be used
     */
    default void read(SourceRange range, long before, RangeImages images) throws IOException {
      throw new UnsupportedOperationException("the source has no packed files");
    }

    @Override
    default void close() {}
  }
}
