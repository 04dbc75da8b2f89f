package io.facet.models.train;

/**
 * An aligned crop of a known person.
 *
 * @param faceId stable name of the crop
 * @param identity name of the person
 * @param encoded picture file (PNG, JPEG, ...) of 112x112 pixels
 */
@SuppressWarnings("ArrayRecordComponent")
public record LabelledCrop(String faceId, String identity, byte[] encoded) {}
