package io.facet.models.distill.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodContract;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TeacherSide;
import io.facet.models.distill.TermLosses;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SumTest extends MethodContract {
  private static final String BOTH =
      "{methods: [{ukd: {k: 2, capacity: 20}}, {feature-consistency: {weight: 4}}], weights: [1, 0.5]}";

  SumTest() {
    super("sum");
  }

  @Override
  protected List<String> options() {
    return List.of(BOTH, "{methods: [l2, none, iled, l2], identityWeight: 0}");
  }

  @Test
  void needsWhatTheMethodsNeedTogetherAndHasOneIdentityWeight() {
    ChosenMethod sum = method("{methods: [kd, {l2: {adapter: {use: never}}}], identityWeight: 2}");

    assertThat(sum.identityWeight()).isEqualTo(2);
    assertThat(sum.needs())
        .isEqualTo(
            MethodNeeds.constantTeacher()
                .with(Need.TEACHER_CLASSIFIER)
                .with(Need.STUDENT_CLASSIFIER)
                .with(Need.SAME_EMBEDDING_SIZE));
  }

  @Test
  void termsAndStateCarryTheNameOfTheirMethod() {
    ChosenMethod sum = method("{methods: [{iled: {weight: 3}}, l2, l2], weights: [1, 2, 4]}");
    try (NDManager manager = Torch.newManager();
        MethodSession session = sum.open(setup(manager));
        MethodSession resumed = sum.open(setup(manager))) {
      session.initialise(manager, 1);
      Features features = new Features(manager.ones(new Shape(2, WIDTH)), Map.of());
      StepInputs inputs = new StepInputs(features, features, null, null, null, 0, 1, 1);

      Map<String, TermLosses.Term> terms = session.losses(inputs).terms();
      resumed.restore(session.state());

      assertThat(terms.keySet()).containsExactly("iled/iled", "l2/feature", "l2-2/feature");
      assertThat(terms.values()).extracting(TermLosses.Term::weight).containsExactly(3.0, 2.0, 4.0);
      assertThat(session.state()).containsOnlyKeys("iled/threshold");
      assertThat(resumed.state().get("iled/threshold")).containsExactly(0);
    }
  }

  private static MethodSetup setup(NDManager manager) {
    return setup(manager, Map.of());
  }

  private static MethodSetup setup(NDManager manager, Map<String, Integer> teachers) {
    Map<String, TeacherSide> sides = new TreeMap<>();
    teachers.forEach(
        (name, width) ->
            sides.put(
                name, new TeacherSide(width, Map.of(), Optional.empty(), Optional.empty(), 0)));
    return new MethodSetup(
        manager,
        Device.cpu(),
        1,
        CLASSES,
        WIDTH,
        WIDTH,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        10,
        sample -> sample % CLASSES,
        sides);
  }

  @Test
  void theVersionsOfTheMethodsAreInTheFingerprint() {
    assertThat(method(BOTH).identity())
        .startsWith("sum@1")
        .contains("ukd@2", "feature-consistency@2");
  }

  @Test
  void saysThatSomeOfItIsReconstructed() {
    assertThat(method(BOTH).source())
        .startsWith("reconstructed in part; ukd: reconstructed from")
        .contains("; feature-consistency: Liu et al.");
    assertThat(method("{methods: [l2]}").source()).startsWith("l2: Boutros et al.");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> method("{methods: []}"))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("methods is empty");
    assertThatThrownBy(() -> method("{methods: [l2, kd], weights: [1]}"))
        .hasMessageContaining("2 methods have 1 weights");
    assertThatThrownBy(() -> method("{methods: [l2, {cakd: {prompts: joint}}]}"))
        .hasMessageContaining("one method takes a constant teacher, another trains its prompts");
  }

  @Test
  void eachMethodLearnsFromTheTeacherThatIsNamedForIt() {
    ChosenMethod both =
        method(
            "{methods: [l2, {sum: {methods: [rkd, l2], teachers: [wide, other]}}], weights: [2, 3], teachers: [other, other]}");
    int wide = 2 * WIDTH;
    try (NDManager manager = Torch.newManager();
        MethodSession session = both.open(setup(manager, Map.of("other", WIDTH, "wide", wide)));
        MethodSession l2 = method("l2", "{}").open(setup(manager));
        MethodSession rkd = method("rkd", "{}").open(setup(manager))) {
      session.initialise(manager, 1);
      Features student = features(manager, WIDTH, 1);
      Features other = features(manager, WIDTH, 2);
      Features second = features(manager, wide, 3);

      Map<String, TermLosses.Term> terms =
          session
              .losses(
                  new StepInputs(
                      student,
                      null,
                      null,
                      null,
                      null,
                      Optional.empty(),
                      0,
                      1,
                      1,
                      Map.of("other", other, "wide", second)))
              .terms();

      double ofOther = total(l2, student, other);
      assertThat(total(terms, "l2/")).isCloseTo(2 * ofOther, within(1e-5));
      assertThat(total(terms, "sum/l2/")).isCloseTo(3 * ofOther, within(1e-5));
      assertThat(total(terms, "sum/rkd/"))
          .isCloseTo(3 * total(rkd, student, second), within(1e-5))
          .isNotCloseTo(3 * total(rkd, student, other), within(1e-3));
    }
    assertThat(both.needs().teacher()).isEqualTo(MethodNeeds.Teacher.NONE);
    assertThat(both.namedTeachers())
        .containsOnly(
            Map.entry("other", MethodNeeds.constantTeacher()),
            Map.entry("wide", MethodNeeds.constantTeacher()));
  }

  private static Features features(NDManager manager, int width, int seed) {
    Random random = new Random(seed);
    float[] values = new float[4 * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Features(manager.create(values, new Shape(4, width)), Map.of());
  }

  private static double total(MethodSession session, Features student, Features teacher) {
    return total(
        session.losses(new StepInputs(student, teacher, null, null, null, 0, 1, 1)).terms(), "");
  }

  private static double total(Map<String, TermLosses.Term> terms, String prefix) {
    return terms.entrySet().stream()
        .filter(term -> term.getKey().startsWith(prefix))
        .mapToDouble(term -> term.getValue().weight() * term.getValue().value().getFloat())
        .sum();
  }

  @Test
  void onlyMethodsOfOneTeacherMustAgreeHowItTakesPart() {
    String methods = "{methods: [l2, {cakd: {prompts: joint}}], teachers: [%s]}";

    ChosenMethod two = method(methods.formatted("cnn, vit"));

    assertThat(two.namedTeachers().get("cnn").teacher()).isEqualTo(MethodNeeds.Teacher.CONSTANT);
    assertThat(two.namedTeachers().get("vit").teacher()).isEqualTo(MethodNeeds.Teacher.PROMPTED);
    assertThat(two.needs().studentTaps()).containsExactly("last");
    assertThatThrownBy(() -> method(methods.formatted("vit, vit")))
        .hasMessageContaining("one method takes a constant teacher, another trains its prompts");
  }

  @Test
  void refusesTeachersThatDoNotFitTogether() {
    assertThatThrownBy(() -> method("{methods: [l2, rkd], teachers: [a]}"))
        .hasMessageContaining("2 methods have 1 teachers: name one for each, or none");
    String prompted = "{cakd: {prompts: joint}}";
    assertThatThrownBy(
            () -> method("{methods: [%s, %s], teachers: [a, b]}".formatted(prompted, prompted)))
        .hasMessageContaining("prompts of 2 teachers would be trained");
    String copied = "{th-kd: {studentHead: copied}}";
    assertThatThrownBy(
            () -> method("{methods: [%s, %s], teachers: [a, b]}".formatted(copied, copied)))
        .hasMessageContaining("class weights cannot come from 2 teachers");
    assertThat(method("{methods: [l2, %s], teachers: [a, b]}".formatted(copied)).headTeacher())
        .contains("b");
  }

  private static ChosenMethod method(String key, String options) {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, key, Yaml.json(options));
    return ChosenMethod.of(selected);
  }

  private static ChosenMethod method(String options) {
    return method("sum", options);
  }
}
