package io.facet.models.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.option.BindingException;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SumTest extends MethodContract {
  private static final String BOTH =
      "{\"methods\": [{\"ukd\": {\"k\": 2, \"capacity\": 20}}, {\"feature-consistency\": {\"weight\": 4}}], \"weights\": [1, 0.5]}";

  SumTest() {
    super("sum");
  }

  @Override
  protected List<String> options() {
    return List.of(
        BOTH, "{\"methods\": [\"l2\", \"none\", \"iled\", \"l2\"], \"identityWeight\": 0}");
  }

  @Test
  void needsWhatTheMethodsNeedTogetherAndHasOneIdentityWeight() {
    ChosenMethod sum =
        method("{\"methods\": [\"kd\", {\"l2\": {\"adapter\": {\"use\": \"never\"}}}], \"identityWeight\": 2}");

    assertThat(sum.identityWeight()).isEqualTo(2);
    assertThat(sum.needs())
        .isEqualTo(
            MethodNeeds.constantTeacher()
                .teacherClassifier(true)
                .studentClassifier(true)
                .sameEmbeddingSize(true));
  }

  @Test
  void termsAndStateCarryTheNameOfTheirMethod() {
    ChosenMethod sum =
        method(
            "{\"methods\": [{\"iled\": {\"weight\": 3}}, \"l2\", \"l2\"], \"weights\": [1, 2, 4]}");
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
    return new MethodSetup(
        manager,
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
        sample -> sample % CLASSES);
  }

  @Test
  void theVersionsOfTheMethodsAreInTheFingerprint() {
    assertThat(method(BOTH).identity())
        .startsWith("sum@1")
        .contains("ukd@2", "feature-consistency@1");
  }

  @Test
  void saysThatSomeOfItIsReconstructed() {
    assertThat(method(BOTH).source())
        .startsWith("reconstructed in part; ukd: reconstructed from")
        .contains("; feature-consistency: Liu et al.");
    assertThat(method("{\"methods\": [\"l2\"]}").source()).startsWith("l2: Boutros et al.");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> method("{\"methods\": []}"))
        .isInstanceOf(BindingException.class)
        .hasMessageContaining("methods is empty");
    assertThatThrownBy(() -> method("{\"methods\": [\"l2\", \"kd\"], \"weights\": [1]}"))
        .hasMessageContaining("2 methods have 1 weights");
    assertThatThrownBy(
            () -> method("{\"methods\": [\"l2\", {\"cakd\": {\"prompts\": \"joint\"}}]}"))
        .hasMessageContaining("one method takes a constant teacher, another trains its prompts");
  }

  private static ChosenMethod method(String options) {
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, "sum", options);
    return ChosenMethod.of(selected);
  }
}
