package io.facet.models.train;

import static io.facet.models.train.TinyRun.FACES;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.data.BatchRows;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import io.facet.models.train.teacher.NamedTeacher;
import io.facet.models.train.teacher.TeacherBatch;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class CachedTeacherTest {
  private static final Shape MAP = new Shape(3, 4, 4);
  private static final String OF_MAPS = "{studentTaps: [map], teacherTaps: [map]}";

  /** Random numbers that know who read which of them. */
  private static final class Watched implements CachedFeatures {
    final Set<String> taps = ConcurrentHashMap.newKeySet();
    final Set<Thread> readers = ConcurrentHashMap.newKeySet();
    private final InMemoryFeatures rows = new InMemoryFeatures(FACES);

    Watched(int seed) {
      Random random = new Random(seed);
      shapes(16)
          .forEach(
              (tap, shape) -> {
                for (int i = 0; i < FACES.size(); i++) {
                  for (boolean mirrored : new boolean[] {false, true}) {
                    float[] row = new float[(int) shape.size()];
                    for (int d = 0; d < row.length; d++) {
                      row[d] = (float) random.nextGaussian();
                    }
                    rows.put(FACES.faceId(i), mirrored, tap, shape, row);
                  }
                }
              });
    }

    private static Map<String, Shape> shapes(int width) {
      return Map.of(EMBEDDING, new Shape(width), "map", MAP, "other", new Shape(5));
    }

    @Override
    public Map<String, Shape> shapes() {
      return rows.shapes();
    }

    @Override
    public void read(String tap, int index, boolean mirrored, float[] target, int from) {
      taps.add(tap);
      readers.add(Thread.currentThread());
      rows.read(tap, index, mirrored, target, from);
    }
  }

  private static TrainingSetup setup(String method, String options) {
    return TrainingSetup.of(
            new TapStudent(16, Map.of("map", MAP)),
            TinyStudent.PREPROCESSING,
            FACES,
            TinyOptions.of("{epochs: 2, batchSize: 8, logEvery: 1, learningRate: 0.01}"),
            3)
        .method(RecordBinder.select(DistillationMethod.class, method, Yaml.json(options)));
  }

  private static void assertReadByOthers(Watched features, String... taps) {
    assertThat(features.taps).containsExactlyInAnyOrder(taps);
    assertThat(features.readers).doesNotContain(Thread.currentThread());
  }

  @Test
  void theThreadThatTrainsReadsNothingAndNobodyWhatTheMethodDoesNotRead() throws Exception {
    Watched features = new Watched(1);
    TrainingRun.run(setup("at", OF_MAPS).teacher(new CachedTeacher(features, 0)));
    assertReadByOthers(features, CachedFeatures.EMBEDDING, "map");
  }

  @Test
  void theSameHoldsForTeachersThatAreNamed() throws Exception {
    Watched first = new Watched(1);
    Watched second = new Watched(2);
    TrainingRun.run(
        setup("sum", "{methods: [{at: %s}, l2], teachers: [first, second]}".formatted(OF_MAPS))
            .teacher("first", NamedTeacher.of(new CachedTeacher(first, 0)))
            .teacher("second", NamedTeacher.of(new CachedTeacher(second, 0))));
    assertReadByOthers(first, CachedFeatures.EMBEDDING, "map");
    assertReadByOthers(second, CachedFeatures.EMBEDDING);
  }

  @Test
  void rowsThatDidNotComeWithTheBatchAreReadLate() {
    Watched features = new Watched(1);
    CachedTeacher teacher = new CachedTeacher(features, 0);
    int[] indices = {5, 0, 5};
    boolean[] mirrored = {false, true, true};
    BatchRows rows =
        new BatchRows(teacher.cached(Set.of("map")).orElseThrow(), indices.length, float[]::new);
    for (int i = 0; i < indices.length; i++) {
      rows.read(i, indices[i], mirrored[i]);
    }
    try (NDManager manager = Torch.newManager();
        TensorScope scope = TensorScope.inference(manager)) {
      Features early =
          teacher.outputs(scope, new TeacherBatch(0, indices, mirrored, null, Optional.of(rows)));
      assertThat(features.taps).doesNotContain("other");
      Features late = teacher.outputs(scope, new TeacherBatch(0, indices, mirrored, null));

      assertThat(early.taps()).containsOnlyKeys("map");
      assertThat(late.taps()).containsOnlyKeys("map", "other");
      assertThat(early.embedding().getShape()).isEqualTo(new Shape(3, 16));
      assertThat(early.embedding().toFloatArray()).isEqualTo(late.embedding().toFloatArray());
      assertThat(early.tap("map").getShape()).isEqualTo(new Shape(3, 3, 4, 4));
      assertThat(early.tap("map").toFloatArray()).isEqualTo(late.tap("map").toFloatArray());
      float[] expected = new float[16];
      features.read(CachedFeatures.EMBEDDING, 0, true, expected, 0);
      assertThat(late.embedding().get(1).toFloatArray()).isEqualTo(expected);
    }
  }
}
