package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code samples}: one name of one image. The same image may have several names.
 *
 * @param source label of the source in the recipe
 * @param name the image's name inside its source, such as {@code 001/frontal/01.jpg}
 * @param identity who is seen, prefixed with the source's namespace if it has one; empty if unknown
 * @param split {@code train}, {@code validation} or the name of a verification set
 * @param imageId the image, a row of {@code images}
 */
public record SampleRow(String source, String name, String identity, String split, String imageId)
    implements Serializable {

  /** Split of the images a student learns from. */
  public static final String TRAIN = "train";

  /** Split of the training identities kept out of training. */
  public static final String VALIDATION = "validation";
}
