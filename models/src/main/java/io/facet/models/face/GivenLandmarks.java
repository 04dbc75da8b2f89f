package io.facet.models.face;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;
import java.util.List;

/** Takes the landmarks that the source stores with the image; looks for nothing. */
@AutoService(FaceDetector.class)
@Named(
    key = "given",
    version = 1,
    summary = "Uses the landmarks stored with the image; an image without them is rejected.")
public final class GivenLandmarks implements FaceDetector<GivenLandmarks.Options> {
  /** None. */
  public record Options() {}

  @Override
  public Session open(Options options) {
    return new Session() {
      @Override
      public FaceFinding find(Pixels image, float[] knownLandmarks) {
        return knownLandmarks.length == 0
            ? new FaceFinding.LandmarksMissing()
            : new FaceFinding.Faces(List.of(FaceLandmarks.asFace(knownLandmarks)));
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}
