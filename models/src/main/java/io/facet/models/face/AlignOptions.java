package io.facet.models.face;

import io.facet.models.option.Description;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * How images become crops.
 *
 * @param detector finds the face
 * @param knownLandmarks whether landmarks that come with an image replace detection
 * @param severalFaces what to do with an image of several faces
 * @param template of the crop
 * @param minimumFaceSize smallest face
 * @param maximumPixels of an image
 * @param maximumBytes of an encoded image
 */
public record AlignOptions(
    @Description("How the face is found: yunet, given (landmarks of the source), none (aligned).")
        Selected<FaceDetector<?>> detector,
    @Description(
            value = "Landmarks that a source stores with an image replace detection.",
            defaultValue = "true")
        boolean knownLandmarks,
    @Description(
            value = "What to do with an image of several faces.",
            defaultValue = "largest-central")
        SeveralFaces severalFaces,
    @Description(value = "Template of the crop.", defaultValue = "arcface-112")
        FaceTemplate template,
    @Description(
            value =
                "Smallest face: side in pixels of the square of the image that becomes the crop.",
            range = "[0, inf)",
            defaultValue = "32")
        double minimumFaceSize,
    @Description(
            value = "Images with more pixels (width times height) are rejected undecoded.",
            range = "[1, 1000000000]",
            defaultValue = "50000000")
        long maximumPixels,
    @Description(
            value = "Images with more encoded bytes are rejected unread.",
            range = "[1, 1000000000]",
            defaultValue = "67108864")
        int maximumBytes)
    implements Serializable {

  /** Options with this detector and the defaults for the rest. */
  public static AlignOptions with(Selected<FaceDetector<?>> detector) {
    ImageLimits limits = ImageLimits.STANDARD;
    return new AlignOptions(
        detector,
        true,
        SeveralFaces.LARGEST_CENTRAL,
        FaceTemplate.ARCFACE_112,
        32,
        limits.maximumPixels(),
        limits.maximumBytes());
  }

  /** The same with another rule for several faces. */
  public AlignOptions with(SeveralFaces several) {
    return new AlignOptions(
        detector, knownLandmarks, several, template, minimumFaceSize, maximumPixels, maximumBytes);
  }

  /** The same with another smallest face, in pixels. */
  public AlignOptions with(double smallestFace) {
    return new AlignOptions(
        detector,
        knownLandmarks,
        severalFaces,
        template,
        smallestFace,
        maximumPixels,
        maximumBytes);
  }

  /** The same for images that are crops already, whatever landmarks come with them. */
  public AlignOptions ofCrops() {
    return new AlignOptions(
        RecordBinder.select(FaceDetector.class, "none"),
        false,
        severalFaces,
        template,
        minimumFaceSize,
        maximumPixels,
        maximumBytes);
  }

  /** Limits on images before they are decoded. */
  public ImageLimits limits() {
    return new ImageLimits(maximumBytes, maximumPixels, 1);
  }

  /** The same with the path of each file of the detector replaced by what is answered for it. */
  @SuppressWarnings("unchecked")
  public AlignOptions withFiles(UnaryOperator<String> places) {
    FaceDetector<Record> extension = (FaceDetector<Record>) detector.extension();
    Record resolved = extension.withFiles(detector.options(), places);
    return withDetector(RecordBinder.select(FaceDetector.class, detector.key(), resolved));
  }

  /**
   * All that decides the crops, for fingerprints: contents of detector files and not their paths.
   *
   * @throws io.facet.models.DataException if a file of the detector is missing
   */
  @SuppressWarnings("unchecked")
  public String identity() {
    FaceDetector<Record> extension = (FaceDetector<Record>) detector.extension();
    String rest =
        RecordBinder.toJson(withDetector(RecordBinder.select(FaceDetector.class, "none")));
    return "align@" + FaceAligner.VERSION + extension.identity(detector.options()) + rest;
  }

  /** SHA-256 of {@link #identity}, 64 hexadecimal digits; part of the name of every face. */
  public String digest() {
    return FileDigest.sha256(identity().getBytes(StandardCharsets.UTF_8));
  }

  private AlignOptions withDetector(Selected<FaceDetector<?>> other) {
    return new AlignOptions(
        other,
        knownLandmarks,
        severalFaces,
        template,
        minimumFaceSize,
        maximumPixels,
        maximumBytes);
  }
}
