package io.facet.models.train.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.backbone.VisionTransformer;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.Torch;
import io.facet.models.train.TinyFaces;
import io.facet.models.train.TinyOptions;
import io.facet.models.train.TinyStudent;
import io.facet.models.train.TinyTeacher;
import io.facet.models.train.TrainingResult;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import io.facet.models.train.teacher.LiveTeacher;
import io.facet.models.train.teacher.TeacherPass;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTuningTest {
  private static final TrainingSet FACES = new TinyFaces(3, 4);
  private static final String TRAINING =
      "{\"epochs\": 1, \"batchSize\": 4, \"learningRate\": 0.01}";

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static Selected<DistillationMethod<?>> cakd(String prompts, String distance) {
    return RecordBinder.select(
        DistillationMethod.class,
        "cakd",
        """
        {"prompts": "%s", "faceDistance": "%s", "locals": 16, "width": 16, "heads": 2}
        """
            .formatted(prompts, distance));
  }

  private static PromptOptions options(String prompts) {
    return options(prompts, PromptDepth.DEEP);
  }

  private static PromptOptions options(String prompts, PromptDepth depth) {
    return new PromptOptions(
        PromptMode.STAGED,
        TinyTeacher.PROMPTS,
        depth,
        0.01,
        10,
        RecordBinder.select(io.facet.models.backbone.Backbone.class, "mobilefacenet"),
        cakd(prompts, "rd"),
        TinyOptions.of(TRAINING));
  }

  @ParameterizedTest
  @CsvSource({"vit, deep", "vit, shallow", "swin, deep"})
  void tunedPromptsThenTeachFrozenFromACache(String kind, String depth) throws Exception {
    PromptOptions options = options("joint", PromptDepth.valueOf(depth.toUpperCase(Locale.ROOT)));
    boolean swin = kind.equals("swin");
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork teacher = swin ? TinyTeacher.swin(manager) : TinyTeacher.network(manager);
      Map<String, float[]> start = PromptTuning.start(options, teacher, manager, 4).save();

      Map<String, float[]> tuned =
          TrainingRun.run(
                  PromptTuning.setup(
                      options,
                      teacher,
                      TinyStudent.PREPROCESSING,
                      new TinyStudent(16),
                      FACES,
                      manager,
                      4))
              .prompts();

      assertThat(tuned).hasSameSizeAs(start).hasSize(depth.equals("deep") ? 2 : 1);
      tuned.forEach((name, values) -> assertThat(values).as(name).isNotEqualTo(start.get(name)));
      PromptSet frozen = PromptSet.of(teacher, TinyTeacher.PROMPTS, manager, tuned);
      LiveTeacher prompted =
          LiveTeacher.prompted(teacher, TinyStudent.PREPROCESSING, Set.of("last"), frozen, false);
      InMemoryFeatures features = TeacherPass.all(prompted, FACES, 4);
      assertThat(features.shapes().get("last").get(0)).isEqualTo(16 + TinyTeacher.PROMPTS);

      TrainingResult result =
          TrainingRun.run(
              TrainingSetup.of(
                      new TinyStudent(16),
                      TinyStudent.PREPROCESSING,
                      FACES,
                      TinyOptions.of(TRAINING),
                      4)
                  .method(cakd("staged", "sd"))
                  .saliency(Saliency.map(teacher, TinyStudent.PREPROCESSING, FACES, 10))
                  .teacher(new CachedTeacher(features, TinyTeacher.PROMPTS)));
      assertThat(result.steps()).isEqualTo(3);
      assertThat(result.prompts()).isEmpty();
    }
  }

  @Test
  void aMethodThatTrainsNoPromptsIsRefused() {
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork teacher = TinyTeacher.network(manager);
      assertThatThrownBy(
              () ->
                  PromptTuning.setup(
                      options("staged"),
                      teacher,
                      TinyStudent.PREPROCESSING,
                      new TinyStudent(16),
                      FACES,
                      manager,
                      4))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("trains no prompts");
    }
  }

  @Test
  void shallowPromptsOfANetworkThatDropsThemAreRefused() {
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork swin = TinyTeacher.swin(manager);
      assertThatThrownBy(
              () -> PromptTuning.start(options("joint", PromptDepth.SHALLOW), swin, manager, 1))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("takes no shallow prompts");
      Map<String, float[]> one = Map.of("prompts.0", new float[TinyTeacher.PROMPTS * 4]);
      assertThatThrownBy(() -> PromptSet.of(swin, TinyTeacher.PROMPTS, manager, one))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("prompts.1");
    }
  }

  @Test
  void onlyATransformerTakesPrompts() {
    try (NDManager manager = Torch.newManager()) {
      PromptSet prompts =
          PromptTuning.start(options("joint"), TinyTeacher.network(manager), manager, 1);
      TinyStudent student = new TinyStudent(16);
      student.initialise(manager, 1);
      assertThatThrownBy(
              () ->
                  LiveTeacher.prompted(
                      student, TinyStudent.PREPROCESSING, Set.of("last"), prompts, true))
          .isInstanceOf(RecipeException.class);
    }
  }

  @Test
  void saliencySpansZeroToOneAndIgnoresOrder() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork teacher = TinyTeacher.network(manager);
      float[] map = Saliency.map(teacher, TinyStudent.PREPROCESSING, FACES, 5);
      assertThat(map).hasSize(16).contains(0f, 1f);
      for (float value : map) {
        assertThat(value).isBetween(0f, 1f);
      }
      assertThat(Saliency.map(teacher, TinyStudent.PREPROCESSING, FACES, 5)).isEqualTo(map);
    }
  }

  @Test
  void aMapOfOneValueHasNoSalience() {
    float[] flat = {2, 2, 2};
    Saliency.scale(flat);
    assertThat(flat).containsOnly(0f);
  }

  @Test
  void promptsStartWithinTheNetworksBound() {
    try (NDManager manager = Torch.newManager()) {
      PromptableNetwork teacher =
          new VisionTransformer().create(VisionTransformer.Options.of(24, 3, 2, 16));
      PromptSet prompts = PromptSet.create(teacher, 5, PromptDepth.DEEP, manager, 9);
      assertThat(prompts.arrays()).hasSize(3);
      for (float[] values : prompts.save().values()) {
        assertThat(values).hasSize(5 * 24);
        double largest = 0;
        for (float value : values) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.8 * teacher.promptBound(), teacher.promptBound());
      }
      assertThat(Arrays.equals(prompts.save().get("prompts.0"), prompts.save().get("prompts.1")))
          .isFalse();
    }
  }

  @Test
  void theRecipeFormHasDefaults() {
    PromptOptions bound =
        RecordBinder.bindJson(PromptOptions.class, "{\"mode\": \"staged\", \"epochs\": 2}");
    assertThat(bound.tokens()).isEqualTo(8);
    assertThat(bound.depth()).isEqualTo(PromptDepth.DEEP);
    assertThat(bound.training().epochs()).isEqualTo(2);
    assertThat(bound.method().key()).isEqualTo("cakd");
  }
}
