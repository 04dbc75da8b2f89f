package io.facet.transforms.row;

import java.io.Serializable;

/**
 * An aligned face, as networks read it.
 *
 * @param faceId see {@link FaceId}
 * @param crop encoded image of 112x112 pixels
 */
@SuppressWarnings("ArrayRecordComponent")
public record FaceCrop(String faceId, byte[] crop) implements Serializable {}
