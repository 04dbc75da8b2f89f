package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.LiveTeacher;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks that run again in the backward pass change no bit of what a training gives. */
class RecomputeTest {
  private static final String STEPS =
      "{epochs: 5, batchSize: 8, logEvery: 1, learningRate: 0.01, clipNorm: 0%s, recompute: %s}";

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  /** A training with {@code recompute} one way or the other. */
  private interface Training {
    TrainingSetup with(String recompute);
  }

  static List<String> backbones() {
    return List.of(
        "vit: {dim: 16, depth: 5, heads: 2, patch: 16, dropPath: 0.5}",
        "vit: {dim: 16, depth: 3, heads: 2, patch: 16, pooling: mean, attentionBias: true}",
        "vit: {dim: 16, depth: 3, heads: 2, patch: 16, dropPath: 0.3, maskRatio: 0.4}",
        "vit: {dim: 16, depth: 2, heads: 2, patch: 16, stem: convolution, activation: gelu}",
        "vit: {dim: 512, depth: 2, heads: 8, patch: 9}",
        "swin: {dim: 8, depths: [2, 2], heads: [1, 2], dropPath: 0.5}",
        "swin: {dim: 16, depths: [1, 3, 1], heads: [1, 2, 4]}");
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void everyTransformerTrainsToTheSameBits(String backbone) throws Exception {
    assertSameBits(how -> SmallBackbones.setup(backbone, STEPS.formatted("", how)));
  }

  @ParameterizedTest
  @MethodSource("backbones")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "finds PyTorch by /proc")
  void soDoesItInBfloat16(String backbone) throws Exception {
    assertSameBits(
        how ->
            SmallBackbones.setup(backbone, STEPS.formatted("", how))
                .precision(ForwardPrecision.BF16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vit  | ', accumulate: 2'",
        "swin | ', averaging: {decay: 0.9}, optimiser: {adamw: {}}'",
        "vit  | ', freezing: {layers: [patch_embed, pos_embed, blocks.0]}'",
        "swin | ', freezing: {layers: [patch_embed, layers.0]}'"
      })
  void withEveryWayToStep(String kind, String more) throws Exception {
    assertSameBits(how -> student(kind, more, how));
  }

  /** Methods that read what lies between the blocks, and none of what lies behind them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fitnet             | vit",
        "fitnet             | swin",
        "at                 | vit",
        "cakd               | vit"
      })
  void tapsBetweenTheBlocksTeach(String key, String kind) throws Exception {
    try (NDManager manager = Torch.newManager()) {
      assertSameBits(
          how -> {
            Network teacher = network(kind);
            teacher.initialise(manager, 7);
            return student(kind, "", how)
                .method(method(key, key.equals("cakd") ? "{prompts: none}" : "{}"))
                .teacher(
                    LiveTeacher.plain(teacher, TinyStudent.PREPROCESSING, teacher.taps().keySet()));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"vit, deep", "vit, shallow", "swin, deep"})
  void promptsLearnWithTheStudent(String kind, String depth) throws Exception {
    try (NDManager manager = Torch.newManager()) {
      TrainingResult result = assertSameBits(how -> prompted(kind, depth, how, manager));
      assertThat(result.prompts()).isNotEmpty();
    }
  }

  @Test
  void aTrainingWithoutTransformersIsWarned() throws Exception {
    RecordedHistory history = new RecordedHistory();
    TrainingRun.run(TinyRun.setup(STEPS.formatted("", "blocks")).listener(history));
    assertThat(history.warnings()).hasSize(1);
    assertThat(history.warnings().get(0)).contains("recompute: blocks has no effect here");
  }

  private static Network network(String kind) {
    String options =
        kind.equals("vit")
            ? "{image: 16, patch: 4, dim: 16, depth: 5, heads: 2, dropPath: 0.3, embedding: 16}"
            : "{image: 16, patch: 2, dim: 8, depths: [2, 2], heads: [1, 2], window: 4, embedding: 16}";
    return Backbone.create(RecordBinder.select(Backbone.class, kind, Yaml.json(options)));
  }

  private static TrainingSetup student(String kind, String more, String how) {
    return TrainingSetup.of(
        network(kind),
        TinyStudent.PREPROCESSING,
        FACES,
        TinyOptions.of(STEPS.formatted(more, how)),
        3);
  }

  private static TrainingSetup prompted(String kind, String depth, String how, NDManager manager) {
    PromptableNetwork teacher = (PromptableNetwork) network(kind);
    teacher.initialise(manager, 5);
    PromptSet prompts =
        PromptSet.create(
            teacher,
            TinyTeacher.PROMPTS,
            depth.equals("deep") ? PromptDepth.DEEP : PromptDepth.SHALLOW,
            manager,
            6);
    return TrainingSetup.of(
            new TinyStudent(16),
            TinyStudent.PREPROCESSING,
            FACES,
            TinyOptions.of(STEPS.formatted("", how)),
            3)
        .method(method("cakd", TinyRun.CAKD))
        .teacher(
            LiveTeacher.prompted(
                teacher, TinyStudent.PREPROCESSING, Set.of("last"), prompts, true));
  }

  private static TrainingResult assertSameBits(Training training) throws Exception {
    RecordedHistory plain = new RecordedHistory();
    RecordedHistory twice = new RecordedHistory();
    TrainingResult expected = TrainingRun.run(training.with("none").listener(plain));
    TrainingResult actual = TrainingRun.run(training.with("blocks").listener(twice));
    assertThat(twice.warnings()).isEqualTo(plain.warnings());
    for (String figure : List.of("loss/total", "grad_norm")) {
      assertThat(twice.values(figure))
          .as(figure)
          .isEqualTo(plain.values(figure))
          .hasSizeGreaterThanOrEqualTo(5);
    }
    assertSame(actual.student(), expected.student());
    assertSame(actual.prompts(), expected.prompts());
    assertSame(actual.adapters(), expected.adapters());
    return actual;
  }

  private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
  }
}
