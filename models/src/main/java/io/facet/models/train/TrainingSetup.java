package io.facet.models.train;

import ai.djl.Device;
import io.facet.models.backbone.Network;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.StudentHead;
import io.facet.models.distill.method.NoMethod;
import io.facet.models.face.Preprocessing;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisationOptions;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.NamedTeacher;
import io.facet.models.train.teacher.TeacherOutputs;
import io.facet.models.weights.ClassWeights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private Optional<QuantisationOptions> quantisation = Optional.empty();
  private Optional<Map<String, float[]>> initial = Optional.empty();
  private Optional<CheckpointStore> checkpoints = Optional.empty();
  private Optional<EpochValidation> validation = Optional.empty();
  private TrainingListener listener = SILENT;
  private Device device = Device.cpu();
  private ForwardPrecision precision = ForwardPrecision.FLOAT32;

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
        mismatch.map(why -> "those of teacher '%s' do not serve: %s".formatted(teacher, why));
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

  /** Number format of forward passes; float32 unless set. */
  public TrainingSetup precision(ForwardPrecision wanted) {
    precision = wanted;
    return this;
  }

  /** Where student, teachers and method compute; the host unless set. */
  public TrainingSetup device(Device where) {
    device = where;
    return this;
  }

  /** Trains the student to compute in int8; it needs {@link #initial} weights. */
  public TrainingSetup quantisation(QuantisationOptions how) {
    quantisation = Optional.of(how);
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

  /** The taps that the method reads of a teacher, under whatever name. */
  Set<String> taps(TeacherOutputs outputs) {
    Set<String> taps = new TreeSet<>();
    if (teacher().filter(outputs::equals).isPresent()) {
      taps.addAll(method.needs().teacherTaps());
    }
    Map<String, MethodNeeds> needs = method.namedTeachers();
    namedTeachers()
        .forEach(
            (name, given) -> {
              if (given.outputs().equals(outputs)) {
                taps.addAll(needs.get(name).teacherTaps());
              }
            });
    return taps;
  }

  /** Empty if there are none that fit. */
  Optional<float[]> teacherClassifier() {
    return teacher().flatMap(outputs -> fitting(outputs, teacherClassifier));
  }

  /** Class weights if they have a row of the teacher's width for each identity of the set. */
  Optional<float[]> fitting(TeacherOutputs outputs, Optional<float[]> classifier) {
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

  /** Class weights that the recipe gives the head. */
  Optional<ClassifierStart> givenClassifier() {
    return classifier;
  }

  /** Why the teacher's class weights are of other identities, if they are. */
  Optional<String> othersClassifier() {
    return othersClassifier;
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

  Optional<QuantisationOptions> quantisation() {
    return quantisation;
  }

  Optional<CheckpointStore> checkpoints() {
    return checkpoints;
  }

  Optional<EpochValidation> validation() {
    return validation;
  }

  ForwardPrecision precision() {
    return precision;
  }

  Device device() {
    return device;
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
    return "%s|%s|%s|%d|%d|%x|%s%s%s"
        .formatted(
            RecordBinder.toIdentityJson(options),
            method.identity(),
            head.identity(),
            seed,
            set.size(),
            crops,
            teacher().map(TrainingSetup::identity).orElse("no teacher") + namedIdentities(),
            classifier().map(start -> "|" + start.identity()).orElse(""),
            quantisation.map(how -> "|" + RecordBinder.toIdentityJson(how)).orElse("")
                + (device.equals(Device.cpu()) ? "" : "|" + device)
                + (precision == ForwardPrecision.FLOAT32 ? "" : "|" + precision));
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

  /** Checks what can be checked before any compute; see {@link TrainingChecks}. */
  void check() {
    new TrainingChecks(this).check();
  }
}
