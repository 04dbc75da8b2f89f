package io.facet.models.face;

import java.io.Serializable;

/**
 * What an image may cost before it is decoded.
 *
 * @param maximumBytes of the encoded file
 * @param maximumPixels width times height in the header; decoding needs 3 bytes for each
 * @param minimumSide shortest side in pixels
 */
public record ImageLimits(int maximumBytes, long maximumPixels, int minimumSide)
    implements Serializable {

  /** 64 MiB encoded, 50 million pixels, no shorter than 1 pixel. */
  public static final ImageLimits STANDARD = new ImageLimits(64 << 20, 50_000_000, 1);
}
