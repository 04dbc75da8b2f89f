package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.distill.ChosenMethod;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.option.RecordBinder;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.TinyStudent;
import io.facet.models.train.TinyTeacher;
import io.facet.models.train.data.InputImages;
import io.facet.models.train.optimiser.AdamW;
import io.facet.models.train.optimiser.AdamWOptions;
import io.facet.models.train.optimiser.Gradients;
import io.facet.models.train.optimiser.OptimiserSession;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.TeacherBatch;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts that learn with a student whose tokens have nothing to do with the images. */
class CakdJointTest {
  private static final int BATCH = 16;
  private static final int STEPS = 150;
  private static final double PROMPT_RATE = 5e-3;
  private static final String OPTIONS =
      "{\"prompts\": \"joint\", \"locals\": 9, \"width\": 16, \"heads\": 2}";

  private final Random random = new Random(2);

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "swin"})
  void promptsThatLearnNeitherLowerTheTermsAloneNorLoseTheTeacher(String kind) {
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork network =
          kind.equals("vit") ? TinyTeacher.network(manager) : TinyTeacher.swin(manager);
      PromptSet prompts =
          PromptSet.create(network, TinyTeacher.PROMPTS, PromptDepth.DEEP, manager, 6);
      Map<String, float[]> before = prompts.save();
      LiveTeacher teacher =
          LiveTeacher.prompted(
              network, TinyStudent.PREPROCESSING, Set.of(CakdSession.TAP), prompts, true);
      try (MethodSession session = session(manager, teacher)) {
        AdamWOptions adamW = new AdamWOptions(0.9, 0.999, 1e-8);
        try (OptimiserSession adapters = new AdamW().open(adamW, manager, session.weights(), 0.05);
            OptimiserSession tokens = new AdamW().open(adamW, manager, prompts.weights(), 0)) {
          TensorScope.makeGradients(manager, session, prompts);
          Map<String, Double> start =
              train(manager, session, teacher, prompts, adapters, tokens, 0);
          Map<String, Double> end = start;
          for (int step = 10; step < STEPS; step += 10) {
            end = train(manager, session, teacher, prompts, adapters, tokens, step);
          }
          assertThat(end.get("attention")).isGreaterThan(start.get("attention") / 2);
          assertThat(end.get("local")).isGreaterThan(start.get("local") / 2);
          assertThat(end.get("reconstruction")).isLessThan(0.9 * start.get("reconstruction"));
          prompts
              .save()
              .forEach((name, values) -> assertThat(values).isNotEqualTo(before.get(name)));
          assertThat(teacher.alarms()).isEmpty();
        }
      }
      network.close();
      prompts.close();
    }
  }

  private static MethodSession session(NDManager manager, LiveTeacher teacher) {
    MethodSession session =
        ChosenMethod.of(RecordBinder.select(DistillationMethod.class, "cakd", OPTIONS))
            .open(
                new MethodSetup(
                    manager,
                    1,
                    2,
                    16,
                    teacher.embeddingSize(),
                    Map.of(CakdSession.TAP, new Shape(8, 4, 4)),
                    teacher.taps(),
                    Optional.empty(),
                    Optional.empty(),
                    teacher.promptTokens(),
                    BATCH,
                    sample -> 0));
    session.initialise(manager, 7);
    assertThat(session.alarms()).containsOnlyKeys("teacher-identity");
    return session;
  }

  /** Means of the terms over ten steps, whose images and student tokens are always new. */
  private Map<String, Double> train(
      NDManager manager,
      MethodSession session,
      LiveTeacher teacher,
      PromptSet prompts,
      OptimiserSession adapters,
      OptimiserSession tokens,
      int from) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (int step = from; step < from + 10; step++) {
      try (TensorScope scope = TensorScope.training(manager, session, prompts)) {
        TensorScope.zeroGradients(session, prompts);
        NDArray none = scope.manager().zeros(new Shape(BATCH), DataType.INT64);
        Features student =
            new Features(
                none,
                Map.of(
                    CakdSession.TAP,
                    Torch.array(
                        scope.manager(),
                        FloatBuffer.wrap(normal(BATCH * 8 * 16)),
                        new Shape(BATCH, 8, 4, 4))));
        Features taught =
            teacher.outputs(
                scope,
                new TeacherBatch(
                    step,
                    new int[BATCH],
                    new boolean[BATCH],
                    InputImages.of(TinyStudent.PREPROCESSING, normal(BATCH * 3 * 16 * 16))));
        StepInputs inputs = new StepInputs(student, taught, none, none, null, step, STEPS, STEPS);
        NDArray total = scope.manager().zeros(new Shape());
        for (Map.Entry<String, TermLosses.Term> term : session.losses(inputs).terms().entrySet()) {
          NDArray value = term.getValue().value();
          means.merge(term.getKey(), value.getFloat() / 10.0, Double::sum);
          total = total.add(value.mul((float) term.getValue().weight()));
        }
        scope.backward(total);
        adapters.step(new Gradients(session.weights().values()), 3e-3);
        tokens.step(new Gradients(prompts.weights().values()), PROMPT_RATE);
        session.afterStep(inputs);
      }
    }
    return means;
  }

  private float[] normal(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
