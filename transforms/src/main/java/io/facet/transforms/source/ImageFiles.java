package io.facet.transforms.source;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;

/** Images that are files of their own. */
final class ImageFiles implements FaceSource.Images {
  @Override
  public SourceImage read(SourceSample sample) throws IOException {
    return new SourceImage(
        StoredFiles.read(sample.uri(), FaceSource.MAXIMUM_BYTES + 1), sample.landmarks());
  }
}
