package io.facet.models.train;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Network;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.NoMethod;
import io.facet.models.distill.StudentHead;
import io.facet.models.face.Preprocessing;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.weights.ClassWeights;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a training run needs. Begin with {@link #of} and add what differs from a network that trains
 * alone.
 */
public final class TrainingSetup {
  private static final TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void logged(long step, long totalSteps, List<HistoryPoint> points) {}

        @Override
        public void warned(long step, String message) {}
      };

  private final Network student;
  private final Preprocessing preprocessing;
  private final TrainingSet set;
  private TrainingOptions options;
  private final long seed;
  private ChosenMethod method = ChosenMethod.of(new NoMethod(), new NoMethod.Options());
  private Selected<MarginHead<?>> head = RecordBinder.select(MarginHead.class, "arcface");
  private Optional<TeacherOutputs> teacher = Optional.empty();
  private Optional<float[]> teacherClassifier = Optional.empty();
  private Optional<String> othersClassifier = Optional.empty();
  private Optional<ClassifierStart> classifier = Optional.empty();
  private Optional<float[]> saliency = Optional.empty();
  private final Map<String, NamedTeacher> namedTeachers = new TreeMap<>();
  private double promptLearningRate = 5e-4;
  private Optional<Map<String, float[]>> initial = Optional.empty();
  private Optional<CheckpointStore> checkpoints = Optional.empty();
  private Optional<EpochValidation> validation = Optional.empty();
  private TrainingListener listener = SILENT;

  private TrainingSetup(
      Network student,
      Preprocessing preprocessing,
      TrainingSet set,
      TrainingOptions options,
      long seed) {
    this.student = Objects.requireNonNull(student, "student");
    this.preprocessing = Objects.requireNonNull(preprocessing, "preprocessing");
    this.set = Objects.requireNonNull(set, "set");
    this.options = Objects.requireNonNull(options, "options");
    this.seed = seed;
  }

  /**
   * A network that trains by identities alone, from the seed, without checkpoints.
   *
   * @param student without values yet; the run fills and closes it
   */
  public static TrainingSetup of(
      Network student,
      Preprocessing preprocessing,
      TrainingSet set,
      TrainingOptions options,
      long seed) {
    return new TrainingSetup(student, preprocessing, set, options, seed);
  }

  /** Other options than at first. */
  public TrainingSetup options(TrainingOptions other) {
    options = other;
    return this;
  }

  /** The method a recipe chose. */
  public TrainingSetup method(Selected<? extends DistillationMethod<?>> selected) {
    return method(ChosenMethod.of(selected));
  }

  /** The method. */
  public TrainingSetup method(ChosenMethod chosen) {
    method = chosen;
    return this;
  }

  /** The margin softmax of the identity term; ArcFace unless set. */
  public TrainingSetup head(Selected<MarginHead<?>> selected) {
    head = selected;
    return this;
  }

  /** The teacher; not used by a method without one. */
  public TrainingSetup teacher(TeacherOutputs outputs) {
    teacher = Optional.of(outputs);
    return this;
  }

  /**
   * The teacher's class weights, {@code (C, d)}, in the order of the training set's classes: whose
   * they are is not asked again.
   */
  public TrainingSetup teacherClassifier(float[] weights) {
    teacherClassifier = Optional.of(weights);
    return this;
  }

  /** A teacher that the method's options name; not used by a method that names it nowhere. */
  public TrainingSetup teacher(String name, NamedTeacher given) {
    namedTeachers.put(name, given);
    return this;
  }

  /**
   * The class weights that a teacher's file keeps. If they are not those of the training set's
   * identities, a method that needs them is refused and another goes on without.
   *
   * @param teacher its name, for error messages
   */
  public TrainingSetup teacherClassifier(String teacher, ClassWeights weights) {
    Optional<String> mismatch = weights.mismatch(set.classes(), set.identityDigest());
    teacherClassifier = mismatch.isPresent() ? Optional.empty() : Optional.of(weights.rows());
    othersClassifier =
        mismatch.map(why -> "the class weights of teacher '%s', but %s".formatted(teacher, why));
    return this;
  }

  /** Class weights of another network for the head, drawn at random unless set. */
  public TrainingSetup classifier(ClassifierStart start) {
    classifier = Optional.of(start);
    return this;
  }

  /** The teacher's saliency map on its token grid. */
  public TrainingSetup saliency(float[] map) {
    saliency = Optional.of(map);
    return this;
  }

  /** Highest AdamW learning rate of trained prompts; 5e-4 unless set. */
  public TrainingSetup promptLearningRate(double rate) {
    promptLearningRate = rate;
    return this;
  }

  /** Warm start: the student's weights by name, all of them. */
  public TrainingSetup initial(Map<String, float[]> weights) {
    initial = Optional.of(weights);
    return this;
  }

  /** Where checkpoints go and where a stopped run goes on from. */
  public TrainingSetup checkpoints(CheckpointStore store) {
    checkpoints = Optional.of(store);
    return this;
  }

  /** Measures the student after every epoch and at the end. */
  public TrainingSetup validation(EpochValidation hook) {
    validation = Optional.of(hook);
    return this;
  }

  /** Where history and alarms go. */
  public TrainingSetup listener(TrainingListener target) {
    listener = target;
    return this;
  }

  Network student() {
    return student;
  }

  Preprocessing preprocessing() {
    return preprocessing;
  }

  TrainingSet set() {
    return set;
  }

  TrainingOptions options() {
    return options;
  }

  long seed() {
    return seed;
  }

  ChosenMethod method() {
    return method;
  }

  Selected<MarginHead<?>> head() {
    return head;
  }

  /** The teacher, if the method has one. */
  Optional<TeacherOutputs> teacher() {
    return method.needs().teacher() == MethodNeeds.Teacher.NONE ? Optional.empty() : teacher;
  }

  /** Those teachers that the method's options name. */
  Map<String, NamedTeacher> namedTeachers() {
    Map<String, NamedTeacher> named = new TreeMap<>(namedTeachers);
    named.keySet().retainAll(method.namedTeachers().keySet());
    return named;
  }

  /** The outputs of all teachers. */
  List<TeacherOutputs> teachers() {
    return Stream.concat(
            teacher().stream(), namedTeachers().values().stream().map(NamedTeacher::outputs))
        .distinct()
        .toList();
  }

  /** Empty if there are none that fit. */
  Optional<float[]> teacherClassifier() {
    return teacher().flatMap(outputs -> fitting(outputs, teacherClassifier));
  }

  private Optional<float[]> fitting(TeacherOutputs outputs, Optional<float[]> classifier) {
    long values = (long) set.classes() * outputs.embeddingSize();
    return classifier.filter(weights -> weights.length == values);
  }

  /** Class weights of the teacher that lends the student's head its own. */
  private Optional<float[]> lentClassifier() {
    return method
        .headTeacher()
        .map(
            name ->
                Optional.ofNullable(namedTeachers().get(name))
                    .flatMap(given -> fitting(given.outputs(), given.classifier())))
        .orElseGet(this::teacherClassifier);
  }

  /** What the head begins with, by the recipe or by the method; empty: random values. */
  Optional<ClassifierStart> classifier() {
    return classifier.or(
        () ->
            method.studentHead() == StudentHead.OWN
                ? Optional.empty()
                : lentClassifier()
                    .map(
                        weights ->
                            new ClassifierStart(
                                weights, method.studentHead() == StudentHead.COPIED)));
  }

  Optional<float[]> saliency() {
    return saliency;
  }

  double promptLearningRate() {
    return promptLearningRate;
  }

  Optional<Map<String, float[]>> initial() {
    return initial;
  }

  Optional<CheckpointStore> checkpoints() {
    return checkpoints;
  }

  Optional<EpochValidation> validation() {
    return validation;
  }

  TrainingListener listener() {
    return listener;
  }

  /** Text that differs between runs whose checkpoints must not be mixed. */
  String identity() {
    long crops = 0;
    for (int i = 0; i < set.size(); i++) {
      crops = SeededHash.of(crops, set.faceHash(i), set.label(i));
    }
    return "%s|%s|%s|%d|%d|%x|%s%s"
        .formatted(
            RecordBinder.toIdentityJson(options),
            method.identity(),
            head.identity(),
            seed,
            set.size(),
            crops,
            teacher().map(TrainingSetup::identity).orElse("no teacher") + namedIdentities(),
            classifier().map(start -> "|" + start.identity()).orElse(""));
  }

  private static String identity(TeacherOutputs outputs) {
    return outputs.embeddingSize() + " " + outputs.taps();
  }

  private String namedIdentities() {
    StringBuilder text = new StringBuilder();
    namedTeachers()
        .forEach(
            (name, given) ->
                text.append(' ').append(name).append(' ').append(identity(given.outputs())));
    return text.toString();
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
    if (options.stopping().watches() && validation.isEmpty()) {
      throw new RecipeException(
          "stopping looks at a validation, but no identities with several crops are kept out of training; raise data.validation.share");
    }
    checkStudent();
    checkTeachers();
    checkClassifier();
  }

  private void checkClassifier() {
    long needed = (long) set.classes() * student.embeddingSize();
    classifier()
        .filter(start -> start.weights().length != needed)
        .ifPresent(
            start -> {
              throw new RecipeException(
                  "a head of %d values cannot be shared: this network needs %d, one row of %d for each of %d identities; train both networks on the same faces with embeddings of one width"
                      .formatted(
                          start.weights().length, needed, student.embeddingSize(), set.classes()));
            });
    if (classifier.isPresent() && method.identityWeight() == 0) {
      throw refused("has no head to give class weights to; set its identityWeight above 0");
    }
  }

  private void checkStudent() {
    MethodNeeds needs = method.needs();
    if (needs.studentClassifier() && method.identityWeight() == 0) {
      throw refused(
          "reads the class weights of the student's head; set its identityWeight above 0");
    }
  }

  private void checkTeachers() {
    if (method.needs().teacher() != MethodNeeds.Teacher.NONE) {
      TeacherOutputs outputs =
          teacher.orElseThrow(() -> refused("needs a teacher; name one in distill.teacher"));
      checkTeacher(method.needs(), new NamedTeacher(outputs, teacherClassifier, saliency));
    }
    method
        .namedTeachers()
        .forEach(
            (name, needs) ->
                checkTeacher(
                    needs,
                    Optional.ofNullable(namedTeachers.get(name))
                        .orElseThrow(
                            () ->
                                refused(
                                    "names teacher '%s', which is not given".formatted(name)))));
    long live = teachers().stream().filter(t -> t.preprocessing().isPresent()).count();
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
    requireTaps("student", needs.studentTaps(), student.taps().keySet());
    requireTaps("teacher", needs.teacherTaps(), given.taps().keySet());
    List<String> moves = Augmentations.geometric(options.augment());
    if (!moves.isEmpty() && given.preprocessing().isEmpty() && needs.placed(given.taps())) {
      throw refused(
          "reads maps or tokens of the teacher, whose cached outputs cannot follow augment %s; remove it, or let the teacher run live"
              .formatted(String.join(", ", moves)));
    }
    if (needs.sameEmbeddingSize() && student.embeddingSize() != given.embeddingSize()) {
      throw refused(
          "needs embeddings of one width, the student has %d and the teacher %d"
              .formatted(student.embeddingSize(), given.embeddingSize()));
    }
    if (needs.teacherClassifier() && fitting(given, teaching.classifier()).isEmpty()) {
      throw refused(
          "needs %s; train the teacher on these identities, or give it classifier: {path: FILE, names: FILE} with a row for each of them"
              .formatted(
                  othersClassifier.orElse(
                      "the teacher's class weights for the %d identities of the training set"
                          .formatted(set.classes()))));
    }
    if (needs.saliency() && teaching.saliency().isEmpty()) {
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
