package io.facet.models.distill;

import io.facet.models.option.Extension;
import java.util.List;

/**
 * A way to teach the student: one file, found by its key.
 *
 * <p>The engine adds the identity term (margin softmax of the student's head) itself, with the
 * weight of {@link #identityWeight}; a method returns only its own terms.
 */
public interface DistillationMethod<O extends Record> extends Extension<O> {
  /**
   * What it needs of teacher and student; of a method made of others, what is needed of the run's
   * own teacher and of the student. The embeddings of a constant teacher unless overridden.
   */
  default MethodNeeds needs(O options) {
    return MethodNeeds.constantTeacher();
  }

  /** Weight of the identity term beside the method's own; 0: the run has no head. */
  default double identityWeight(O options) {
    return options instanceof IdentityTerm term ? term.identityWeight() : 1;
  }

  /**
   * Whether its own terms read the labels of the batch. Such a method sees the labelled crops of a
   * batch only, and is refused where no crop has a label.
   */
  default boolean readsLabels(O options) {
    return false;
  }

  /** As {@link #source()}, for a method that is made of the methods its options name. */
  default String source(O options) {
    return source();
  }

  /**
   * Whether the teacher must have been trained near a smaller proxy of the student ({@code
   * training.from} with a method that compares embeddings).
   */
  default boolean proxyTrainedTeacher(O options) {
    return false;
  }

  /** The methods it is made of, in their order; empty: it is one method with one teacher. */
  default List<MethodPart> parts(O options) {
    return List.of();
  }

  /** Where the class weights of the student's head come from, if the run has one. */
  default StudentHead studentHead(O options) {
    return StudentHead.OWN;
  }

  /**
   * Refuses outputs the method cannot work on, beyond {@link #needs}; called before any compute.
   *
   * @throws io.facet.models.RecipeException if the shapes cannot be served; the message says why
   */
  default void check(O options, OutputShapes shapes) {}

  /** A session for one run; the engine initialises its weights and closes it. */
  MethodSession open(O options, MethodSetup setup);
}
