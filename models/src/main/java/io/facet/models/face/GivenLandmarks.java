package io.facet.models.face;

import com.google.auto.service.AutoService;
import java.util.List;

/** Takes the landmarks that the source stores with the image; looks for nothing. */
@AutoService(FaceDetector.class)
public final class GivenLandmarks implements FaceDetector<GivenLandmarks.Options> {
  /** None. */
  public record Options() {}

  @Override
  public String key() {
    return "given";
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
    return "Uses the landmarks stored with the image; an image without them is rejected.";
  }

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
