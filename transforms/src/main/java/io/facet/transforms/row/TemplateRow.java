package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code templates}: one face of one template of a verification set.
 *
 * @param set name of the verification set
 * @param position of the face in its list, from 0
 * @param template it belongs to
 * @param medium it was taken from
 * @param detectorScore of the list
 * @param imageId the image
 */
public record TemplateRow(
    String set, int position, int template, int medium, float detectorScore, String imageId)
    implements Serializable {}
