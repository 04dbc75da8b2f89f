package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import io.facet.models.train.teacher.NamedTeacher;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A student of several teachers. */
class SeveralTeachersTest {
  private static final String ONE_STEP =
      "{\"epochs\": 1, \"batchSize\": 24, \"logEvery\": 1, \"learningRate\": 0.01}";
  private static final String BOTH =
      """
      {"methods": ["l2", "l2"], "teachers": ["first", "second"], "identityWeight": 0}
      """;

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static CachedTeacher cached(int seed) {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    Random random = new Random(seed);
    for (int i = 0; i < FACES.size(); i++) {
      float[] row = new float[16];
      for (int d = 0; d < row.length; d++) {
        row[d] = (float) random.nextGaussian();
      }
      features.put(FACES.faceId(i), false, CachedFeatures.EMBEDDING, new Shape(16), row);
      features.put(FACES.faceId(i), true, CachedFeatures.EMBEDDING, new Shape(16), row);
    }
    return new CachedTeacher(features, 0);
  }

  private static Selected<DistillationMethod<?>> sum(String json) {
    return RecordBinder.select(DistillationMethod.class, "sum", json);
  }

  private static Map<String, Double> firstStep(TrainingSetup setup) throws Exception {
    RecordedHistory history = new RecordedHistory();
    TrainingRun.run(setup.listener(history));
    return history.points().stream()
        .collect(Collectors.toMap(HistoryPoint::name, HistoryPoint::value));
  }

  @Test
  void theLossIsTheSumOfTheLossesOfEachTeacher() throws Exception {
    TrainingSetup two =
        setup(ONE_STEP)
            .method(sum(BOTH))
            .teacher("first", NamedTeacher.of(cached(1)))
            .teacher("second", NamedTeacher.of(cached(2)));
    double first =
        firstStep(setup(ONE_STEP).method(method("l2", "{identityWeight: 0}")).teacher(cached(1)))
            .get("loss/total");
    double second =
        firstStep(setup(ONE_STEP).method(method("l2", "{identityWeight: 0}")).teacher(cached(2)))
            .get("loss/total");

    Map<String, Double> figures = firstStep(two);

    assertThat(figures.get("loss/l2/feature")).isCloseTo(first, within(1e-5));
    assertThat(figures.get("loss/l2-2/feature")).isCloseTo(second, within(1e-5));
    assertThat(figures.get("loss/total")).isCloseTo(first + second, within(1e-5));
  }

  @Test
  void oneTeacherMayTrainItsPromptsBesideAConstantOne() throws Exception {
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup(ONE_STEP)
              .method(
                  sum(
                      """
                      {"methods": [{"cakd": {"locals": 16, "width": 16, "heads": 2}}, "l2"],
                       "teachers": ["vit", "cached"]}
                      """))
              .teacher("vit", NamedTeacher.of(TinyTeacher.prompted(manager, true)))
              .teacher("cached", NamedTeacher.of(cached(1)));

      TrainingResult result = TrainingRun.run(setup);

      assertThat(result.prompts()).isNotEmpty();
      Map<String, float[]> start =
          TinyTeacher.prompted(manager, true).trainedPrompts().orElseThrow().save();
      result
          .prompts()
          .forEach((name, values) -> assertThat(values).as(name).isNotEqualTo(start.get(name)));
    }
  }

  @Test
  void theHeadTakesTheClassWeightsOfTheTeacherThatLendsThem() throws Exception {
    float[] lent = new float[4 * 16];
    for (int i = 0; i < lent.length; i++) {
      lent[i] = (float) Math.sin(i + 1);
    }
    TrainingSetup setup =
        setup(ONE_STEP)
            .method(
                sum(
                    """
                    {"methods": ["l2", {"th-kd": {"studentHead": "copied"}}],
                     "teachers": ["first", "second"]}
                    """))
            .teacher("first", NamedTeacher.of(cached(1)))
            .teacher("second", new NamedTeacher(cached(2), Optional.of(lent), Optional.empty()));

    assertThat(TrainingRun.run(setup).classifier()).contains(lent);
  }

  @Test
  void refusesTeachersThatAreMissingOrRunLiveTogether() {
    TrainingSetup missing =
        setup(ONE_STEP).method(sum(BOTH)).teacher("first", NamedTeacher.of(cached(1)));
    assertThatThrownBy(() -> TrainingRun.run(missing))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("names teacher 'second', which is not given");
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup live =
          setup(ONE_STEP)
              .method(sum(BOTH))
              .teacher("first", NamedTeacher.of(TinyTeacher.plain(manager)))
              .teacher("second", NamedTeacher.of(TinyTeacher.plain(manager)));
      assertThatThrownBy(() -> TrainingRun.run(live))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("2 teachers that run live; cache all but one");
    }
  }
}
