package io.facet.models.face;

import java.util.Locale;

/** Why an image gave no face crop; {@link #key} is what stands in the rejects table. */
public enum RejectReason {
  /** No bytes at all. */
  EMPTY_FILE,
  /** More encoded bytes than {@link ImageLimits} allow. */
  TOO_MANY_BYTES,
  /** The content is none of the image types in {@link ImageFormat}, whatever the name says. */
  UNKNOWN_TYPE,
  /** The file ends before the image does. */
  TRUNCATED,
  /** The right type, but its content cannot be decoded. */
  UNREADABLE,
  /** More pixels than {@link ImageLimits} allow; found in the header, nothing was decoded. */
  TOO_MANY_PIXELS,
  /** The image or the face in it is smaller than the options allow. */
  TOO_SMALL,
  /** The detector found no face. */
  NO_FACE,
  /** The detector found several faces and the options ask for one. */
  SEVERAL_FACES,
  /** The landmarks of the source were asked for, and it has none for this image. */
  NO_LANDMARKS,
  /** The landmarks are not finite, lie on one point, or name no upright face. */
  DEGENERATE_LANDMARKS,
  /** The image was announced as aligned and has another size than the template. */
  NOT_ALIGNED;

  private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The reason code, such as {@code no-face}. */
  public String key() {
    return key;
  }

  @Override
  public String toString() {
    return key;
  }
}
