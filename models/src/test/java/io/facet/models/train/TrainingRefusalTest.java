package io.facet.models.train;

import static io.facet.models.train.TinyRun.CAKD;
import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static io.facet.models.train.TinyRun.setup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.tensor.Torch;
import io.facet.models.train.checkpoint.Checkpoint;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a training cannot do, and what is left when it ends early. */
class TrainingRefusalTest {
  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  @Test
  void aNonFiniteLossNamesStepAndFacesAndKeepsTheCheckpoint() {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    for (int i = 0; i < FACES.size(); i++) {
      float[] values = new float[16];
      Arrays.fill(values, i == 11 ? Float.NaN : 1f);
      features.put(FACES.faceId(i), false, "embedding", new Shape(16), values);
    }
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingSetup setup =
        setup("{epochs: 1, batchSize: 4, checkpointEvery: 1, flip: false, learningRate: 0.01}")
            .method(method("l2", "{}"))
            .teacher(new CachedTeacher(features, 0))
            .checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOfSatisfying(
            NonFiniteLossException.class,
            e -> {
              assertThat(e.faceIds()).contains("face-11").hasSize(4);
              assertThat(e.getMessage()).contains("loss/feature", "step " + e.step());
              if (e.step() > 1) {
                assertThat(store.latest().orElseThrow().step()).isEqualTo(e.step() - 1);
              }
            });
  }

  @Test
  void weightsThatAreNotFiniteNeverReplaceACheckpoint() {
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingSetup setup =
        setup(
                """
                {"epochs": 9, "batchSize": 8, "checkpointEvery": 1, "learningRate": 100,
                 "weightDecay": 10, "clipNorm": 0}
                """)
            .checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOfSatisfying(
            NonFiniteLossException.class,
            e -> {
              assertThat(e.step()).isGreaterThan(1);
              assertThat(e.checkpointStep()).isEqualTo(e.step() - 1);
              assertThat(e.faceIds()).hasSize(8);
              CheckpointStore.Saved saved = store.latest().orElseThrow();
              assertThat(saved.step()).isEqualTo(e.checkpointStep());
              try (InputStream in = saved.source().open()) {
                Checkpoint.read(
                    in, read -> assertThat(read.notFinite()).isEmpty(), piece -> fail("no table"));
              } catch (IOException unexpected) {
                fail("in memory", unexpected);
              }
            });
  }

  @Test
  void aFaceWithoutCachedFeaturesIsNamed() {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    features.put("face-0", false, "embedding", new Shape(16), new float[16]);
    TrainingSetup setup =
        setup("").method(method("l2", "{}")).teacher(new CachedTeacher(features, 0));

    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(".*face-\\d+.*missing.*");
  }

  @Test
  void oneIdentityCannotBeTrained() {
    TrainingSetup setup =
        TrainingSetup.of(
            new TinyStudent(16),
            TinyStudent.PREPROCESSING,
            new TinyFaces(1, 4),
            TinyOptions.of("{}"),
            1);
    assertThatThrownBy(() -> TrainingRun.run(setup))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("two identities");
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused() throws Exception {
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingRun.run(setup("").checkpoints(store));
    TrainingSetup other = setup("{epochs: 5, batchSize: 8, learningRate: 0.01}").checkpoints(store);

    assertThatThrownBy(() -> TrainingRun.run(other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("other options");
  }

  @Test
  void cachedMapsOfTheTeacherCannotFollowAMovedFace() {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    features.put("face-0", false, "embedding", new Shape(16), new float[16]);
    features.put("face-0", false, "last", new Shape(16, 8), new float[16 * 8]);
    TrainingSetup maps =
        setup("{batchSize: 8, augment: [blur, crop]}")
            .method(method("cakd", "{prompts: none, locals: 16, width: 16, heads: 2}"))
            .teacher(new CachedTeacher(features, 0));
    assertThatThrownBy(() -> TrainingRun.run(maps))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(
            "but augment crop moves it and the cached outputs of the teacher cannot follow; remove it");
  }

  @Test
  void aMethodWithoutItsTeacherIsRefused() {
    assertThatThrownBy(() -> TrainingRun.run(setup("").method(method("feature-consistency", "{}"))))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("needs a teacher");
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup constant =
          setup("").method(method("cakd", CAKD)).teacher(TinyTeacher.plain(manager));
      assertThatThrownBy(() -> TrainingRun.run(constant))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining("prompt.mode: joint");
    }
  }
}
