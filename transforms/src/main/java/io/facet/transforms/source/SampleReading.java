package io.facet.transforms.source;

import io.facet.models.face.ImageException;
import io.facet.models.face.ImageHeader;
import io.facet.models.face.ImageLimits;
import io.facet.models.face.ImageProbe;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.ingest.IngestSources;
import java.io.FileNotFoundException;
import java.io.IOException;

/**
 * Reads the images that sources list, one by one: an image that cannot be used has a reason and is
 * no failure. What ingest does to millions of images, and a single command to a few.
 */
public final class SampleReading {
  private static final ImageLimits LIMITS =
      new ImageLimits(FaceSource.MAXIMUM_BYTES, ImageLimits.STANDARD.maximumPixels(), 1);

  private SampleReading() {}

  /** What reading an image gave. */
  public sealed interface Outcome {
    /** SHA-256 of the image's encoded bytes; empty if it was not read. */
    String imageId();
  }

  /**
   * A whole image.
   *
   * @param image as its source gives it
   * @param imageId SHA-256 of its encoded bytes
   * @param header type and size
   */
  public record Read(SourceImage image, String imageId, ImageHeader header) implements Outcome {}

  /**
   * An image that cannot be used.
   *
   * @param imageId empty if it was not read
   * @param reason code, such as {@code missing-file}
   * @param detail for people
   */
  public record Unusable(String imageId, String reason, String detail) implements Outcome {}

  /**
   * Reads one image.
   *
   * @throws IOException if the storage fails
   */
  public static Outcome read(FaceSource.Images source, SourceSample sample) throws IOException {
    SourceImage image;
    try {
      image = source.read(sample);
    } catch (FileNotFoundException e) {
      return new Unusable("", IngestSources.MISSING_FILE, missing(sample, e));
    }
    return look(image);
  }

  /** Looks at an image that was read. */
  public static Outcome look(SourceImage image) {
    String imageId = Sha256.hex(image.encoded());
    try {
      return new Read(image, imageId, ImageProbe.probe(image.encoded(), LIMITS));
    } catch (ImageException e) {
      return new Unusable(imageId, e.reason().key(), e.getMessage());
    }
  }

  private static String missing(SourceSample sample, FileNotFoundException failure) {
    if (!FileNames.isSpelt(sample.uri())) {
      return "its name is not encoded in UTF-8; rename it";
    }
    String message = String.valueOf(failure.getMessage());
    return message.contains("Permission denied")
        ? "the file cannot be read: permission denied"
        : "the file is not there";
  }
}
