package io.facet.transforms.source;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;

/** Pictures that are files of their own. */
final class PictureFiles implements FaceSource.Pictures {
  @Override
  public SourcePicture read(SourceSample sample) throws IOException {
    return new SourcePicture(
        StoredFiles.read(sample.uri(), FaceSource.MAXIMUM_BYTES + 1), sample.landmarks());
  }
}
