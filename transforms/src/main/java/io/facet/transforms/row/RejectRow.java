package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code rejects}: one dead letter, something that could not be used and why.
 *
 * @param stage that rejected it
 * @param source label of its source, empty if unknown
 * @param name of the image or pair inside its source, empty if unknown
 * @param imageId the image, empty if it could not be read
 * @param reason one of a few stable words, such as {@code missing-file}
 * @param detail one sentence for people
 */
public record RejectRow(
    String stage, String source, String name, String imageId, String reason, String detail)
    implements Serializable {}
