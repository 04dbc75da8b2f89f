package io.facet.pipelines.recipe;

import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodFit;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodPart;
import io.facet.models.distill.OutputShapes;
import io.facet.models.option.BindingFault;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.models.train.Recompute;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.augment.Augmentations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether student, teacher and prompts can serve a method. */
final class MethodChecks {
  private final Recipe recipe;
  private final TrainingOptions options;
  private final boolean prompted;
  private final List<BindingFault> faults = new ArrayList<>();

  /**
   * @param options of the training
   * @param prompted whether the prompt section applies to the teacher
   */
  MethodChecks(Recipe recipe, TrainingOptions options, boolean prompted) {
    this.recipe = recipe;
    this.options = options;
    this.prompted = prompted;
  }

  /** The network a recipe chose, without values. */
  @SuppressWarnings("unchecked")
  static Network network(Selected<Backbone<?>> backbone) {
    return ((Backbone<Record>) backbone.extension()).create(backbone.options());
  }

  /** Whether a network would be trained with {@code recompute: blocks} and has none. */
  static boolean recomputesInVain(TrainingOptions options, Selected<Backbone<?>> backbone) {
    return options.recompute() == Recompute.BLOCKS && !network(backbone).hasBlocks();
  }

  static MethodNeeds needs(Selected<DistillationMethod<?>> method) {
    return ChosenMethod.of(method).needs();
  }

  /** Weight of a method's identity term; 0: it trains without a head. */
  static double identityWeight(Selected<DistillationMethod<?>> method) {
    return ChosenMethod.of(method).identityWeight();
  }

  /** Whether a teacher that is trained here ends without class weights. */
  static boolean withoutClassifier(TeacherRecipe teacher) {
    return teacher.training().filter(t -> identityWeight(t.method()) == 0).isPresent();
  }

  /**
   * Faults of one method at the pointer.
   *
   * @param teacherKey the key beside the method that names the teacher
   */
  List<BindingFault> check(
      String pointer,
      Selected<DistillationMethod<?>> method,
      Selected<Backbone<?>> student,
      Optional<TeacherRecipe> teacher,
      String teacherKey) {
    ChosenMethod chosen = ChosenMethod.of(method);
    if (chosen.needs().teacher() != MethodNeeds.Teacher.NONE && teacher.isEmpty()) {
      fault(pointer, "%s needs a teacher: name it by '%s'".formatted(method.key(), teacherKey));
      return faults;
    }
    student(pointer, method, student);
    if (chosen.parts().isEmpty()) {
      teacher.ifPresent(given -> taught(pointer, method, student, given));
      return faults;
    }
    for (MethodPart part : chosen.parts()) {
      Optional<TeacherRecipe> given = part.teacher().isPresent() ? named(pointer, part) : teacher;
      given.ifPresent(master -> taught(pointer, part.method(), student, master));
    }
    try {
      List<String> live = new ArrayList<>();
      ChosenTeachers.of(method, teacher.map(TeacherRecipe::name))
          .forEach(
              (name, needs) ->
                  recipe.teacher(name).filter(t -> live(needs, t)).ifPresent(t -> live.add(name)));
      if (live.size() > 1) {
        fault(
            pointer,
            "teachers %s would run live in one training, which has room for one: give all but one cache: always"
                .formatted(String.join(", ", live)));
      }
    } catch (IllegalArgumentException e) {
      fault(pointer, method.key() + ": of one teacher, " + e.getMessage());
    }
    return faults;
  }

  private Optional<TeacherRecipe> named(String pointer, MethodPart part) {
    Optional<TeacherRecipe> found = recipe.teacher(part.teacher().orElseThrow());
    if (found.isEmpty()) {
      fault(pointer, TeacherChecks.unknown(recipe, part.teacher().orElseThrow()));
    }
    return found;
  }

  private void student(
      String pointer, Selected<DistillationMethod<?>> method, Selected<Backbone<?>> student) {
    for (MethodFit.Misfit misfit :
        new MethodFit(method.key(), needs(method))
            .student(network(student).taps().keySet(), identityWeight(method))) {
      String cure =
          misfit.rule() == MethodFit.Rule.STUDENT_CLASSIFIER
              ? ": set its identityWeight above 0"
              : "";
      fault(pointer, misfit.reason() + cure);
    }
  }

  /** Whether a teacher can serve one method. */
  private void taught(
      String pointer,
      Selected<DistillationMethod<?>> method,
      Selected<Backbone<?>> student,
      TeacherRecipe teacher) {
    int before = faults.size();
    MethodNeeds needs = needs(method);
    Optional<TeacherOffer> offered = TeacherOffer.of(teacher);
    if (needs.teacher() == MethodNeeds.Teacher.NONE || offered.isEmpty()) {
      return; // the latter is already reported
    }
    Network pupil = network(student);
    TeacherOffer master = offered.get();
    for (MethodFit.Misfit misfit :
        new MethodFit(method.key(), needs)
            .teacher(
                offer(teacher, master, needs),
                pupil.embeddingSize(),
                Augmentations.geometric(options.augment()))) {
      fault(pointer, misfit.reason() + cure(misfit.rule(), master));
    }
    classifiers(pointer, method, needs, student, teacher);
    if (faults.size() == before) {
      shapes(pointer, method, pupil, master);
    }
    prompts(pointer, method, needs, teacher, master);
  }

  private static MethodFit.Offer offer(
      TeacherRecipe teacher, TeacherOffer master, MethodNeeds needs) {
    Set<Need> lacks = EnumSet.noneOf(Need.class);
    if (master.frozen()) {
      lacks.add(Need.SALIENCY);
    }
    if (master.frozen() ? teacher.classifier().isEmpty() : withoutClassifier(teacher)) {
      lacks.add(Need.TEACHER_CLASSIFIER);
    }
    return new MethodFit.Offer(
        "teacher '%s' (%s)".formatted(teacher.name(), master.key()),
        master.embedding(),
        master.taps(),
        lacks,
        live(needs, teacher));
  }

  /** Whether a teacher certainly runs in the training. */
  private static boolean live(MethodNeeds needs, TeacherRecipe teacher) {
    return needs.teacher() == MethodNeeds.Teacher.PROMPTED
        || (needs.teacher() == MethodNeeds.Teacher.CONSTANT
            && teacher.cache() == TeacherCache.NEVER);
  }

  private static String cure(MethodFit.Rule rule, TeacherOffer master) {
    return switch (rule) {
      case TEACHER_CLASSIFIER ->
          master.frozen()
              ? ": give the teacher classifier: {path: FILE, names: FILE}"
              : ": raise the identityWeight of the method that trains it";
      case EMBEDDING_SIZE ->
          ": give the student embedding: %d, or choose a method with an adapter"
              .formatted(master.embedding());
      case MOVED_FACES -> ": remove it, or let the teacher run live with its cache: never";
      default -> "";
    };
  }

  private void classifiers(
      String pointer,
      Selected<DistillationMethod<?>> method,
      MethodNeeds needs,
      Selected<Backbone<?>> student,
      TeacherRecipe teacher) {
    if (needs.has(Need.STUDENT_AWARE_TEACHER)) {
      studentAware(pointer, method.key(), student, teacher);
    }
    if (ChosenMethod.of(method).proxyTrainedTeacher()) {
      ProxyChecks.fault(recipe, method.key(), teacher)
          .ifPresent(message -> fault(pointer, message));
    }
  }

  /**
   * The teacher must have been trained on the frozen class weights of a network like the student.
   */
  private void studentAware(
      String pointer, String method, Selected<Backbone<?>> student, TeacherRecipe teacher) {
    Optional<ClassifierRecipe> shared =
        teacher.training().flatMap(t -> t.classifier()).filter(ClassifierRecipe::frozen);
    if (shared.isEmpty()) {
      fault(
          pointer,
          "%s learns from a teacher that was trained on a student's frozen head, teacher '%s' was not: give it training.classifier: {from: NAME}, where NAME is a teacher with the student's backbone"
              .formatted(method, teacher.name()));
      return;
    }
    recipe
        .teacher(shared.get().from())
        .filter(lender -> !lender.backbone().equals(Optional.of(student)))
        .ifPresent(
            lender ->
                fault(
                    pointer,
                    "%s wants the head of a network like the student, but '%s' is %s and the student %s: give both one backbone"
                        .formatted(
                            method,
                            lender.name(),
                            lender.backbone().map(MethodChecks::shown).orElse("a finished program"),
                            shown(student))));
  }

  private static String shown(Selected<Backbone<?>> backbone) {
    return backbone.key() + " " + backbone.json();
  }

  private void shapes(
      String pointer, Selected<DistillationMethod<?>> method, Network pupil, TeacherOffer master) {
    OutputShapes shapes =
        new OutputShapes(pupil.embeddingSize(), master.embedding(), pupil.taps(), master.taps(), 0);
    try {
      ChosenMethod.of(method).check(shapes);
    } catch (RecipeException e) {
      fault(pointer, e.getMessage());
    }
  }

  private void prompts(
      String pointer,
      Selected<DistillationMethod<?>> method,
      MethodNeeds needs,
      TeacherRecipe teacher,
      TeacherOffer master) {
    boolean prompted =
        this.prompted && recipe.distill().teacher().equals(Optional.of(teacher.name()));
    PromptMode mode = prompted ? recipe.prompt().mode() : PromptMode.NONE;
    if (needs.teacher() == MethodNeeds.Teacher.PROMPTED) {
      if (mode != PromptMode.JOINT) {
        fault(
            pointer,
            prompted
                ? "%s trains prompts with the student: set prompt.mode: joint (is %s)"
                    .formatted(method.key(), word(mode))
                : "%s trains prompts of '%s', which only distill.teacher may have: name that teacher there"
                    .formatted(method.key(), teacher.name()));
      } else if (!master.promptable()) {
        fault(
            pointer,
            "%s trains prompts, but teacher '%s' (%s) takes none: choose a transformer such as vit or swin"
                .formatted(method.key(), teacher.name(), master.key()));
      }
      return;
    }
    declaredMode(method)
        .filter(declared -> declared != mode)
        .ifPresent(
            declared ->
                fault(
                    pointer,
                    "%s wants prompts %s, but %s"
                        .formatted(
                            method.key(),
                            word(declared),
                            prompted ? "prompt.mode is " + word(mode) : "here are none")));
  }

  /**
   * An option of type {@link PromptMode} states what a method expects of the prompt section, also
   * that of a method within it.
   */
  private static Optional<PromptMode> declaredMode(Selected<DistillationMethod<?>> method) {
    return declaredMode(method.key(), method.options());
  }

  private static Optional<PromptMode> declaredMode(String method, Object option) {
    if (option instanceof PromptMode mode) {
      return Optional.of(mode);
    }
    if (option instanceof Selected<?> chosen) {
      return declaredMode(chosen.key(), chosen.options());
    }
    Stream<?> inner =
        option instanceof List<?> list
            ? list.stream()
            : option instanceof Record record ? values(method, record) : Stream.empty();
    return inner.flatMap(value -> declaredMode(method, value).stream()).findFirst();
  }

  private static Stream<?> values(String method, Record options) {
    return Arrays.stream(options.getClass().getRecordComponents())
        .map(
            component -> {
              try {
                return component.getAccessor().invoke(options);
              } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("options of " + method + " must be public", e);
              }
            });
  }

  private static String word(PromptMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private void fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
  }
}
