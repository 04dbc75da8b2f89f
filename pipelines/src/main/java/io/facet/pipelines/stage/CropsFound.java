package io.facet.pipelines.stage;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignedImages;
import io.facet.models.face.ImageHeader;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.PackedFile;
import io.facet.transforms.source.RangeImages;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceRange;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code aligned: auto} takes the images of a source for, by a look at a few of them. */
final class CropsFound {
  private static final int LOOKED_AT = 3;

  /** Bytes at the start of a packed file: some images at least begin in them. */
  private static final long FIRST = 1 << 16;

  private CropsFound() {}

  /**
   * Looks at some images without landmarks.
   *
   * @return what to tell; nothing if the source says what they are, if every image is taken as it
   *     is anyway, or if none of those looked at is whole
   */
  static Optional<String> look(SourceSpec spec, SourceListing listing, AlignOptions align)
      throws IOException {
    if (spec.aligned() != AlignedImages.AUTO
        || spec.source().extension().givesLandmarks()
        || align.detector().key().equals("none")) {
      return Optional.empty();
    }
    List<ImageHeader> headers = headers(spec, listing);
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    long crops =
        headers.stream()
            .filter(
                image ->
                    spec.aligned().isCrop(image.width(), image.height(), false, align.template()))
            .count();
    ImageHeader first = headers.get(0);
    return Optional.of(
        "%s: %d of %d images looked at are aligned crops%s (aligned: auto)"
            .formatted(
                spec.label(),
                crops,
                headers.size(),
                crops == 0
                    ? ", the first has %dx%d pixels: faces are looked for"
                        .formatted(first.width(), first.height())
                    : " of %dx%d pixels, taken as they are"
                        .formatted(align.template().width(), align.template().height())));
  }

  private static List<ImageHeader> headers(SourceSpec spec, SourceListing listing)
      throws IOException {
    List<ImageHeader> headers = new ArrayList<>();
    try (FaceSource.Images images = spec.open()) {
      int all = listing.samples().size();
      for (int i = 0; i < Math.min(all, LOOKED_AT); i++) {
        SourceSample sample = listing.samples().get((int) ((long) i * all / LOOKED_AT));
        if (sample.landmarks().length == 0) {
          add(headers, SampleReading.read(images, sample));
        }
      }
      for (PackedFile file : listing.files()) {
        long end = Math.min(file.size(), FIRST);
        images.read(new SourceRange(file, 0, end), 0, new Headers(headers));
      }
    }
    return headers;
  }

  private static void add(List<ImageHeader> headers, SampleReading.Outcome outcome) {
    if (outcome instanceof SampleReading.Read read) {
      headers.add(read.header());
    }
  }

  private record Headers(List<ImageHeader> headers) implements RangeImages {
    @Override
    public void image(SourceSample sample, SourceImage image) {
      add(headers, SampleReading.look(image));
    }

    @Override
    public void refused(String name, String reason, String detail) {
      // ingest tells
    }
  }
}
