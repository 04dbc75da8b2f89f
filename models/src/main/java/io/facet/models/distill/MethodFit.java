package io.facet.models.distill;

import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodNeeds.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a student and a teacher can serve a method. Recipes are planned and trainings started by
 * these rules; whoever asks adds the cure in the words of its user.
 *
 * @param method key, for the reasons
 * @param needs of the method
 */
public record MethodFit(String method, MethodNeeds needs) {
  /** What does not fit. */
  public enum Rule {
    STUDENT_TAPS,
    STUDENT_CLASSIFIER,
    TEACHER_TAPS,
    SALIENCY,
    TEACHER_CLASSIFIER,
    EMBEDDING_SIZE,
    MOVED_FACES
  }

  /**
   * A reason that the method cannot be served.
   *
   * @param reason a sentence without a full stop
   */
  public record Misfit(Rule rule, String reason) {}

  /**
   * What a teacher offers.
   *
   * @param name for the reasons, such as {@code teacher 'vit'}
   * @param embedding width of its embeddings
   * @param taps shapes without batch axis
   * @param lacks what it has not of that which methods may need of a teacher
   * @param live whether it sees every crop as the student does, rather than being read from a cache
   */
  public record Offer(
      String name, int embedding, Map<String, Shape> taps, Set<Need> lacks, boolean live) {}

  /** What speaks against a student with these taps and this weight of the identity term. */
  public List<Misfit> student(Set<String> taps, double identityWeight) {
    List<Misfit> found = new ArrayList<>();
    taps(found, Rule.STUDENT_TAPS, "the student", needs.studentTaps(), taps);
    if (needs.has(Need.STUDENT_CLASSIFIER) && identityWeight == 0) {
      add(
          found,
          Rule.STUDENT_CLASSIFIER,
          "reads the class weights of the student's head, which it does not train");
    }
    return found;
  }

  /**
   * What speaks against a teacher.
   *
   * @param width of the student's embeddings
   * @param moves augmentations that move the face
   */
  public List<Misfit> teacher(Offer offer, int width, List<String> moves) {
    List<Misfit> found = new ArrayList<>();
    taps(found, Rule.TEACHER_TAPS, offer.name(), needs.teacherTaps(), offer.taps().keySet());
    if (lacks(offer, Need.SALIENCY)) {
      add(found, Rule.SALIENCY, "reads the saliency map of %s, which has none", offer.name());
    }
    if (lacks(offer, Need.TEACHER_CLASSIFIER)) {
      add(
          found,
          Rule.TEACHER_CLASSIFIER,
          "reads the class weights of %s, which has none for these identities",
          offer.name());
    }
    if (needs.has(Need.SAME_EMBEDDING_SIZE) && width != offer.embedding()) {
      add(
          found,
          Rule.EMBEDDING_SIZE,
          "compares embeddings directly, but the student's have %d numbers and those of %s %d",
          width,
          offer.name(),
          offer.embedding());
    }
    if (!moves.isEmpty() && !offer.live() && needs.placed(offer.taps())) {
      add(
          found,
          Rule.MOVED_FACES,
          "compares places of the face, but augment %s moves it and the cached outputs of %s cannot follow",
          String.join(", ", moves),
          offer.name());
    }
    return found;
  }

  private boolean lacks(Offer offer, Need need) {
    return needs.has(need) && offer.lacks().contains(need);
  }

  private void taps(
      List<Misfit> found, Rule rule, String side, Set<String> wanted, Set<String> offered) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(offered);
    if (!missing.isEmpty()) {
      add(
          found,
          rule,
          "reads %s of %s, which does not offer it; it offers %s",
          String.join(", ", missing),
          side,
          offered.isEmpty() ? "embeddings only" : String.join(", ", new TreeSet<>(offered)));
    }
  }

  private void add(List<Misfit> found, Rule rule, String reason, Object... values) {
    found.add(new Misfit(rule, method + " " + reason.formatted(values)));
  }
}
