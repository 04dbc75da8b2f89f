package io.facet.models.face;

import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From encoded images to aligned faces: probe, decode, find, pick, warp, encode.
 *
 * <p>A bad image gives a {@link Rejected} with a reason and never an exception. Threads share an
 * aligner; close it when done.
 */
public final class FaceAligner implements AutoCloseable {
  /** Raised whenever the same image and options give another crop. */
  public static final int VERSION = 1;

  private static final float[] NONE = {};

  private final AlignOptions options;
  private final FaceDetector.Session detector;

  private FaceAligner(AlignOptions options, FaceDetector.Session detector) {
    this.options = options;
    this.detector = detector;
  }

  /**
   * Loads the detector.
   *
   * @throws io.facet.models.DataException if its weights are missing or wrong
   */
  @SuppressWarnings("unchecked")
  public static FaceAligner open(AlignOptions options) {
    FaceDetector<Record> extension = (FaceDetector<Record>) options.detector().extension();
    return new FaceAligner(options, extension.open(options.detector().options()));
  }

  /** What it was opened with. */
  public AlignOptions options() {
    return options;
  }

  /** Aligns the face of one image. */
  public AlignmentResult align(byte[] encoded) {
    return align(encoded, NONE);
  }

  /**
   * Aligns the face of one image.
   *
   * @param knownLandmarks five or 68 points that came with the image, in its pixels; empty if none
   *     did
   */
  public AlignmentResult align(byte[] encoded, float[] knownLandmarks) {
    try {
      ImageHeader header = ImageProbe.probe(encoded, options.limits());
      Pixels image = ImageDecoder.decode(encoded, header);
      return align(encoded, header.format(), image, knownLandmarks);
    } catch (ImageException e) {
      return new Rejected(e.reason(), e.getMessage());
    }
  }

  /**
   * Aligns every face that the detector finds on an image, whatever {@link
   * AlignOptions#severalFaces} says, in the order of {@link FacePicker#ranked}.
   *
   * @return one result a face; one reject if there is none
   */
  public List<AlignmentResult> alignAll(byte[] encoded) {
    try {
      ImageHeader header = ImageProbe.probe(encoded, options.limits());
      Pixels image = ImageDecoder.decode(encoded, header);
      if (!(detector.find(image, NONE) instanceof FaceFinding.Faces found)
          || found.faces().isEmpty()) {
        return List.of(align(encoded));
      }
      List<AlignmentResult> results = new ArrayList<>();
      for (DetectedFace face : FacePicker.ranked(image, found.faces())) {
        results.add(alignFace(encoded, header.format(), image, face));
      }
      return results;
    } catch (ImageException e) {
      return List.of(new Rejected(e.reason(), e.getMessage()));
    }
  }

  private AlignmentResult alignFace(
      byte[] encoded, ImageFormat format, Pixels image, DetectedFace face) {
    try {
      return warped(encoded, format, image, face);
    } catch (ImageException e) {
      return new Rejected(e.reason(), e.getMessage());
    }
  }

  private Aligned align(byte[] encoded, ImageFormat format, Pixels image, float[] knownLandmarks) {
    FaceFinding finding =
        options.knownLandmarks() && knownLandmarks.length > 0
            ? new FaceFinding.Faces(List.of(FaceLandmarks.asFace(knownLandmarks)))
            : detector.find(image, knownLandmarks);
    if (finding instanceof FaceFinding.Faces found) {
      DetectedFace face = FacePicker.pick(image, found.faces(), options.severalFaces());
      return warped(encoded, format, image, face);
    }
    if (finding instanceof FaceFinding.WholeImage) {
      DetectedFace face = FaceLandmarks.asFace(options.template().points());
      return unchanged(encoded, format, image, face);
    }
    throw new ImageException(
        RejectReason.NO_LANDMARKS, "no landmarks came with the image, and none are looked for");
  }

  private Aligned warped(byte[] encoded, ImageFormat format, Pixels image, DetectedFace face) {
    FaceTemplate template = options.template();
    SimilarityTransform transform =
        SimilarityTransform.between(face.landmarks(), template.points());
    if (transform.isIdentity() && hasTemplateSize(image)) {
      return unchanged(encoded, format, image, face);
    }
    double size = template.height() / transform.scale();
    if (size < options.minimumFaceSize()) {
      throw new ImageException(
          RejectReason.TOO_SMALL,
          String.format(
              Locale.ROOT,
              "the face fills %.1f pixels, fewer than %s",
              size,
              options.minimumFaceSize()));
    }
    Pixels crop = BilinearWarp.warp(image, transform, template.width(), template.height());
    return result(crop, FaceEncoder.png(crop), ImageFormat.PNG, face, transform);
  }

  private Aligned unchanged(byte[] encoded, ImageFormat format, Pixels image, DetectedFace face) {
    if (!hasTemplateSize(image)) {
      throw new ImageException(
          RejectReason.NOT_ALIGNED,
          "%dx%d pixels, an aligned face has %dx%d"
              .formatted(
                  image.width(),
                  image.height(),
                  options.template().width(),
                  options.template().height()));
    }
    return result(image, encoded, format, face, SimilarityTransform.IDENTITY);
  }

  private boolean hasTemplateSize(Pixels image) {
    return image.width() == options.template().width()
        && image.height() == options.template().height();
  }

  private static Aligned result(
      Pixels crop,
      byte[] encoded,
      ImageFormat format,
      DetectedFace face,
      SimilarityTransform transform) {
    return new Aligned(
        crop,
        encoded,
        format.key(),
        face.landmarks(),
        transform.matrix(),
        face.score(),
        FaceLandmarks.eyeDistance(face.landmarks()),
        Sharpness.laplacianVariance(crop));
  }

  @Override
  public void close() {
    detector.close();
  }
}
