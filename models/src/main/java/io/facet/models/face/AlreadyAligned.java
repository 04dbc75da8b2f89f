package io.facet.models.face;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** For images that are aligned crops already: they pass through with their own bytes. */
@AutoService(FaceDetector.class)
@Named(
    key = "none",
    version = 1,
    summary = "Every image is an aligned face already; another size than the template is rejected.")
public final class AlreadyAligned implements FaceDetector<AlreadyAligned.Options> {
  /** None. */
  public record Options() {}

  @Override
  public Session open(Options options) {
    return new Session() {
      @Override
      public FaceFinding find(Pixels image, float[] knownLandmarks) {
        return new FaceFinding.WholeImage();
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}
