package io.facet.models.train.data;

/**
 * An aligned crop to train on.
 *
 * @param faceId stable name of the crop
 * @param identity name of the person; empty if unknown
 * @param encoded image file (PNG, JPEG, ...) of 112x112 pixels
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingCrop(String faceId, String identity, byte[] encoded) {}
