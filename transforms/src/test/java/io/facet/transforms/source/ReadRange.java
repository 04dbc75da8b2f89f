package io.facet.transforms.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What reading packed files gave.
 *
 * @param samples and {@code images} in the same order
 * @param refused {@code NAME REASON DETAIL} of all else
 */
public record ReadRange(List<SourceSample> samples, List<SourceImage> images, List<String> refused)
    implements RangeImages {
  /** All packed files of a source, each as one range. */
  public static ReadRange all(SourceSpec spec) throws IOException {
    ReadRange read = new ReadRange(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (FaceSource.Images open = spec.open()) {
      for (PackedFile file : spec.list().files()) {
        for (SourceRange range : file.ranges(Long.MAX_VALUE / 8 * 4)) {
          open.read(range, 0, read);
        }
      }
    }
    return read;
  }

  @Override
  public void image(SourceSample sample, SourceImage image) {
    samples.add(sample);
    images.add(image);
  }

  @Override
  public void refused(String name, String reason, String detail) {
    refused.add(name + " " + reason + " " + detail);
  }
}
