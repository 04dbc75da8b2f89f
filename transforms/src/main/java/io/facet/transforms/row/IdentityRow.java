package io.facet.transforms.row;

import io.facet.transforms.file.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Table {@code identities}: who is on one image of a verification set, as a number, so that
 * intervals can be drawn by identity.
 *
 * @param set name of the verification set
 * @param imageId the image
 * @param identity the same for all images of a person and for nobody else: the first eight bytes of
 *     the SHA-256 of the identity's name
 */
public record IdentityRow(String set, String imageId, long identity) implements Serializable {

  /**
   * Of a sample of a verification set; empty for training data and where nobody knows who it is.
   */
  public static Optional<IdentityRow> of(SampleRow sample) {
    boolean training =
        sample.split().equals(SampleRow.TRAIN) || sample.split().equals(SampleRow.VALIDATION);
    return training || sample.identity().isEmpty()
        ? Optional.empty()
        : Optional.of(new IdentityRow(sample.split(), sample.imageId(), number(sample.identity())));
  }

  /** The number of an identity's name. */
  public static long number(String identity) {
    return ByteBuffer.wrap(Sha256.of(identity.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  /**
   * Adds this to numbers by image. Of several in one place, as when one image has two names, the
   * lowest counts.
   */
  public void addTo(Map<String, Long> numbers) {
    numbers.merge(imageId, identity, Math::min);
  }
}
