package io.facet.models.train;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.NamedTeacher;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether faces, student, teachers and class weights of a training can serve its method. */
final class TrainingChecks {
  private final TrainingSetup setup;
  private final ChosenMethod method;

  TrainingChecks(TrainingSetup setup) {
    this.setup = setup;
    this.method = setup.method();
  }

  /**
   * Checks what can be checked before any compute.
   *
   * @throws DataException if there is no crop, or the method needs labels and there are fewer than
   *     two identities
   * @throws RecipeException if the teacher cannot serve the method, the given class weights do not
   *     fit, or a validation is missing
   */
  void check() {
    TrainingSet set = setup.set();
    if (set.size() == 0) {
      throw new DataException("the training set is empty; add sources to data.train");
    }
    boolean readsLabels = method.identityWeight() > 0 || method.readsLabels();
    if (readsLabels && set.classes() < 2) {
      throw new DataException(
          "method '%s' %s and needs at least two identities, the training set has %d in %d crops; %sadd labelled faces to data.train"
              .formatted(
                  method.key(),
                  method.readsLabels() ? "reads labels" : "has an identity term",
                  set.classes(),
                  set.size(),
                  method.readsLabels() ? "" : "set its identityWeight to 0 or "));
    }
    if (setup.options().stopping().watches() && setup.validation().isEmpty()) {
      throw new RecipeException(
          "stopping looks at a validation, but no identities with several crops are kept out of training; raise data.validation.share");
    }
    checkStudent();
    checkTeachers();
    checkClassifier();
  }

  private void checkClassifier() {
    int width = setup.student().embeddingSize();
    int classes = setup.set().classes();
    long needed = (long) classes * width;
    setup
        .classifier()
        .filter(start -> start.weights().length != needed)
        .ifPresent(
            start -> {
              throw new RecipeException(
                  "a head of %d values cannot be shared: this network needs %d, one row of %d for each of %d identities; train both networks on the same faces with embeddings of one width"
                      .formatted(start.weights().length, needed, width, classes));
            });
    if (setup.givenClassifier().isPresent() && method.identityWeight() == 0) {
      throw refused("has no head to give class weights to; set its identityWeight above 0");
    }
  }

  private void checkStudent() {
    MethodNeeds needs = method.needs();
    if (needs.has(Need.STUDENT_CLASSIFIER) && method.identityWeight() == 0) {
      throw refused(
          "reads the class weights of the student's head; set its identityWeight above 0");
    }
  }

  private void checkTeachers() {
    if (method.needs().teacher() != MethodNeeds.Teacher.NONE) {
      TeacherOutputs outputs =
          setup
              .teacher()
              .orElseThrow(() -> refused("needs a teacher; name one in distill.teacher"));
      checkTeacher(
          method.needs(), new NamedTeacher(outputs, setup.teacherClassifier(), setup.saliency()));
    }
    method
        .namedTeachers()
        .forEach(
            (name, needs) ->
                checkTeacher(
                    needs,
                    Optional.ofNullable(setup.namedTeachers().get(name))
                        .orElseThrow(
                            () ->
                                refused(
                                    "names teacher '%s', which is not given".formatted(name)))));
    long live = setup.teachers().stream().filter(t -> t.preprocessing().isPresent()).count();
    if (live > 1) {
      throw refused("has %d teachers that run live; cache all but one".formatted(live));
    }
  }

  private void checkTeacher(MethodNeeds needs, NamedTeacher teaching) {
    TeacherOutputs given = teaching.outputs();
    boolean trained = given.trainedPrompts().isPresent();
    if (needs.teacher() == MethodNeeds.Teacher.PROMPTED && !trained) {
      throw refused("trains the teacher's prompts; set prompt.mode: joint");
    }
    if (needs.teacher() == MethodNeeds.Teacher.CONSTANT && trained) {
      throw refused("takes a constant teacher, but its prompts are trained");
    }
    requireTaps("student", needs.studentTaps(), setup.student().taps().keySet());
    requireTaps("teacher", needs.teacherTaps(), given.taps().keySet());
    List<String> moves = Augmentations.geometric(setup.options().augment());
    if (!moves.isEmpty() && given.preprocessing().isEmpty() && needs.placed(given.taps())) {
      throw refused(
          "reads maps or tokens of the teacher, whose cached outputs cannot follow augment %s; remove it, or let the teacher run live"
              .formatted(String.join(", ", moves)));
    }
    int width = setup.student().embeddingSize();
    if (needs.has(Need.SAME_EMBEDDING_SIZE) && width != given.embeddingSize()) {
      throw refused(
          "needs embeddings of one width, the student has %d and the teacher %d"
              .formatted(width, given.embeddingSize()));
    }
    if (needs.has(Need.TEACHER_CLASSIFIER)
        && setup.fitting(given, teaching.classifier()).isEmpty()) {
      throw refused(
          "needs %s; train the teacher on these identities, or give it classifier: {path: FILE, names: FILE} with a row for each of them"
              .formatted(
                  setup
                      .othersClassifier()
                      .orElse(
                          "the teacher's class weights for the %d identities of the training set"
                              .formatted(setup.set().classes()))));
    }
    if (needs.has(Need.SALIENCY) && teaching.saliency().isEmpty()) {
      throw refused("needs the teacher's saliency map; add a prompt stage");
    }
  }

  private void requireTaps(String side, Set<String> needed, Set<String> offered) {
    Set<String> missing = new HashSet<>(needed);
    missing.removeAll(offered);
    if (!missing.isEmpty()) {
      throw refused("reads the %s's taps %s, which offers %s".formatted(side, missing, offered));
    }
  }

  private RecipeException refused(String why) {
    return new RecipeException("method '" + method.key() + "' " + why);
  }
}
