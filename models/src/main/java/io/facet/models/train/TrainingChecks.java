package io.facet.models.train;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.MethodFit;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.NamedTeacher;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.EnumSet;
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
    require(
        new MethodFit(named(), method.needs())
            .student(setup.student().taps().keySet(), method.identityWeight()));
  }

  private void checkTeachers() {
    if (method.needs().teacher() != MethodNeeds.Teacher.NONE) {
      TeacherOutputs outputs =
          setup
              .teacher()
              .orElseThrow(() -> refused("needs a teacher; name one in distill.teacher"));
      checkTeacher(
          "the teacher",
          method.needs(),
          new NamedTeacher(outputs, setup.teacherClassifier(), setup.saliency()));
    }
    method
        .namedTeachers()
        .forEach(
            (name, needs) ->
                checkTeacher(
                    "teacher '" + name + "'",
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

  private void checkTeacher(String name, MethodNeeds needs, NamedTeacher teaching) {
    TeacherOutputs given = teaching.outputs();
    boolean trained = given.trainedPrompts().isPresent();
    if (needs.teacher() == MethodNeeds.Teacher.PROMPTED && !trained) {
      throw refused("trains the teacher's prompts; set prompt.mode: joint");
    }
    if (needs.teacher() == MethodNeeds.Teacher.CONSTANT && trained) {
      throw refused("takes a constant teacher, but its prompts are trained");
    }
    Set<Need> lacks = EnumSet.noneOf(Need.class);
    if (setup.fitting(given, teaching.classifier()).isEmpty()) {
      lacks.add(Need.TEACHER_CLASSIFIER);
    }
    if (teaching.saliency().isEmpty()) {
      lacks.add(Need.SALIENCY);
    }
    MethodFit.Offer offer =
        new MethodFit.Offer(
            name, given.embeddingSize(), given.taps(), lacks, given.preprocessing().isPresent());
    require(
        new MethodFit(named(), needs)
            .teacher(
                offer,
                setup.student().embeddingSize(),
                Augmentations.geometric(setup.options().augment())));
  }

  private void require(List<MethodFit.Misfit> misfits) {
    misfits.stream()
        .findFirst()
        .ifPresent(
            misfit -> {
              throw new RecipeException(misfit.reason() + cure(misfit.rule()));
            });
  }

  private String cure(MethodFit.Rule rule) {
    return switch (rule) {
      case STUDENT_TAPS, TEACHER_TAPS -> "";
      case STUDENT_CLASSIFIER -> "; set its identityWeight above 0";
      case SALIENCY -> "; add a prompt stage";
      case EMBEDDING_SIZE -> "; choose a method with an adapter";
      case MOVED_FACES -> "; remove it, or let the teacher run live";
      case TEACHER_CLASSIFIER ->
          setup.othersClassifier().map(why -> " (" + why + ")").orElse("")
              + "; train the teacher on these identities, or give it classifier: {path: FILE, names: FILE} with a row for each of them";
    };
  }

  private RecipeException refused(String why) {
    return new RecipeException(named() + " " + why);
  }

  private String named() {
    return "method '" + method.key() + "'";
  }
}
