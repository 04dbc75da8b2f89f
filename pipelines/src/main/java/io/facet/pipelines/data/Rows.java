package io.facet.pipelines.data;

/** The tables of a look at data. */
public final class Rows {
  private Rows() {}

  /**
   * Table {@code sources}: what one source gave to one split.
   *
   * @param source label of the source
   * @param split {@code train}, {@code validation} or the name of a verification set
   * @param samples names of images
   * @param unlabelled of these, of unknown people
   * @param people different identities
   */
  public record SourceCount(
      String source, String split, long samples, long unlabelled, long people) {}

  /**
   * Table {@code people}: one person in one split.
   *
   * @param identity who it is
   * @param split the split
   * @param images names of images
   */
  public record PersonCount(String identity, String split, long images) {}

  /**
   * Table {@code duplicates}: one member of a group of pictures that are the same.
   *
   * @param group number of the group, from 0
   * @param exact whether another member has the same bytes under another name
   * @param conflict whether the group shows several people by its labels
   * @param leak whether the group stands in training and in a verification set
   * @param imageId the image
   * @param source label of its source
   * @param name its name there
   * @param identity who it is said to show, empty if unknown
   * @param split its split
   */
  public record Duplicate(
      int group,
      boolean exact,
      boolean conflict,
      boolean leak,
      String imageId,
      String source,
      String name,
      String identity,
      String split) {}

  /**
   * Table {@code label_errors}: a training face that is nearer to somebody else.
   *
   * @param imageId the image
   * @param source label of its source
   * @param name its name there
   * @param identity who it is said to show
   * @param own cosine to the centre of that person's other faces
   * @param otherIdentity whose centre is nearest
   * @param other cosine to that centre
   */
  public record LabelError(
      String imageId,
      String source,
      String name,
      String identity,
      double own,
      String otherIdentity,
      double other) {}

  /**
   * Table {@code aligned_twice}: how many pictures of a source were aligned faces already when they
   * were aligned.
   *
   * @param source label of the source
   * @param judged pictures with a face that were looked at
   * @param twice of these, aligned faces already
   */
  public record AlignedTwice(String source, long judged, long twice) {
    /** Whether most are: a few are photographs that show little but the face. */
    public boolean most() {
      return 2 * twice > judged;
    }
  }

  /**
   * Table {@code unaligned_crops}: how many pictures of a source that were taken as aligned crops
   * are none.
   *
   * @param source label of the source
   * @param judged crops that the detector looked at
   * @param faces of these, with a face
   * @param elsewhere of these, with the face elsewhere than the template has it
   */
  public record UnalignedCrops(String source, long judged, long faces, long elsewhere) {
    /** Whether most faces stand elsewhere: of a few the detector errs. */
    public boolean most() {
      return 2 * elsewhere > faces;
    }
  }

  /**
   * Table {@code colour_order}: how well a teacher tells the people of a source apart.
   *
   * @param source label of the source
   * @param people that were judged
   * @param faces of these
   * @param given how far apart they are as the pictures stand
   * @param exchanged the same with red and blue exchanged
   */
  public record ColourOrder(
      String source, long people, long faces, double given, double exchanged) {
    /**
     * Share by which the exchanged order must be better. Of 128 faces of 32 people, drawn eight
     * times, two models were better in the right order by 4.6 to 10.7 %.
     */
    private static final double CLEARLY = 0.02;

    /** Whether red and blue seem to be exchanged. */
    public boolean wrong() {
      return exchanged > (1 + CLEARLY) * given;
    }
  }

  /**
   * Table {@code shared_people}: somebody of a verification set who may be in training under
   * another name.
   *
   * @param set the verification set
   * @param identity there
   * @param trainIdentity in training
   * @param similarity cosine of the two centres
   */
  public record SharedPerson(
      String set, String identity, String trainIdentity, double similarity) {}
}
