package io.facet.models.face;

import io.facet.models.option.Extension;
import java.util.List;

/** A kind of face detector a recipe can name, such as {@code yunet}. */
public interface FaceDetector<O extends Record> extends Extension<O> {
  /**
   * Loads the detector. Sessions are safe to share between threads and must be closed.
   *
   * @throws io.facet.models.DataException if its weights are missing or have another SHA-256
   */
  Session open(O options);

  /** A loaded detector. */
  interface Session extends AutoCloseable {
    /** All faces at or above the detector's threshold, best score first. */
    List<DetectedFace> detect(Pixels picture);

    @Override
    void close();
  }
}
