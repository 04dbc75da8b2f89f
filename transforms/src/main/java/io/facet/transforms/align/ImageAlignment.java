package io.facet.transforms.align;

import io.facet.models.face.AlignOptions;
import io.facet.transforms.file.LocalCopies;
import java.io.Serializable;

/**
 * How each image becomes a face: by the options of the recipe, or, where its source says that it is
 * a crop, as it is.
 *
 * @param options of the recipe
 * @param digest of these
 * @param cropDigest of the options that take a crop as it is
 */
record ImageAlignment(AlignOptions options, String digest, String cropDigest)
    implements Serializable {

  static ImageAlignment of(AlignOptions options) {
    AlignOptions here = options.withFiles(LocalCopies::of);
    return new ImageAlignment(options, here.digest(), options.ofCrops().digest());
  }

  /** Whether no detector is to look at it. */
  boolean isCrop(ImageShape image) {
    return image
        .aligned()
        .isCrop(image.width(), image.height(), image.landmarks().length > 0, options.template());
  }

  /** Digest of the alignment of one image, part of the name of its face. */
  String digest(ImageShape image) {
    return isCrop(image) ? cropDigest : digest;
  }
}
