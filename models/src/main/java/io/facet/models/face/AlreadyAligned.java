package io.facet.models.face;

import com.google.auto.service.AutoService;

/** For images that are aligned crops already: they pass through with their own bytes. */
@AutoService(FaceDetector.class)
public final class AlreadyAligned implements FaceDetector<AlreadyAligned.Options> {
  /** None. */
  public record Options() {}

  @Override
  public String key() {
    return "none";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "Every image is an aligned face already; another size than the template is rejected.";
  }

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
