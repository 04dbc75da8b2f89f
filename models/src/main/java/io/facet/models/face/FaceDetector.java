package io.facet.models.face;

import io.facet.models.option.Extension;
import io.facet.models.option.RecordBinder;
import java.util.function.UnaryOperator;

/** A way to find the face in an image, chosen in a recipe by key, such as {@code yunet}. */
public interface FaceDetector<O extends Record> extends Extension<O> {
  /**
   * Loads the detector. Sessions are safe to share between threads and must be closed.
   *
   * @throws io.facet.models.DataException if its weights are missing or have another SHA-256
   */
  Session open(O options);

  /** The options with the path of each of its files replaced by what is answered for it. */
  default O withFiles(O options, UnaryOperator<String> places) {
    return options;
  }

  /**
   * What decides the faces it finds, for fingerprints: key, version, options; contents of files
   * instead of their paths.
   *
   * @throws io.facet.models.DataException if a file that counts is missing
   */
  default String identity(O options) {
    return key() + "@" + version() + RecordBinder.toJson(options);
  }

  /** A loaded detector. */
  interface Session extends AutoCloseable {
    /**
     * The faces in an image.
     *
     * @param knownLandmarks five points that came with the image, 10 floats; empty if none did
     */
    FaceFinding find(Pixels image, float[] knownLandmarks);

    @Override
    void close();
  }
}
