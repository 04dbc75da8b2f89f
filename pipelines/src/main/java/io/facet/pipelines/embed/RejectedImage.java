package io.facet.pipelines.embed;

/**
 * An image without an embedding.
 *
 * @param image its path
 * @param reason code, such as {@code no-face}
 * @param detail one line for a person
 */
public record RejectedImage(String image, String reason, String detail) {}
