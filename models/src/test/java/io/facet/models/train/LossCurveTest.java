package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.VisionTransformer;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.head.IdentityHead;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.Torch;
import io.facet.models.train.sampler.ShuffledOrder;
import io.facet.models.train.teacher.CachedFeatures;
import io.facet.models.train.teacher.CachedTeacher;
import io.facet.models.train.teacher.InMemoryFeatures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 200 steps give the losses that PyTorch gives from the same weights and batches. {@code
 * infra/bench/parity/run} renews the stored curves with what {@link #writesStart} hands over.
 */
class LossCurveTest {
  private static final Path CURVES = Path.of("../infra/bench/parity/curves.json");
  private static final double TOLERANCE = 1e-3;
  private static final long SEED = 11;
  private static final int STEPS = 200;
  private static final int BATCH = 16;
  private static final int WIDTH = 16;
  private static final TinyFaces FACES = new TinyFaces(4, 12);
  private static final Selected<MarginHead<?>> HEAD =
      RecordBinder.select(MarginHead.class, "arcface", "{\"scale\": 4}");

  private static Network student() {
    return new VisionTransformer()
        .create(
            RecordBinder.bindJson(
                VisionTransformer.Options.class,
                """
                {"image": 16, "patch": 4, "dim": 16, "depth": 2, "heads": 2, "embedding": 16}
                """));
  }

  /** A teacher of fixed random embeddings, one row a crop. */
  private static float[][] teacher() {
    Random random = new Random(SEED);
    float[][] rows = new float[FACES.size()][WIDTH];
    for (float[] row : rows) {
      for (int i = 0; i < WIDTH; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static TrainingSetup setup(String method) {
    InMemoryFeatures features = new InMemoryFeatures(FACES);
    float[][] rows = teacher();
    for (int i = 0; i < rows.length; i++) {
      features.put(
          FACES.faceId(i), false, CachedFeatures.EMBEDDING, new Shape(WIDTH), rows[i].clone());
    }
    String options =
        """
        {"epochs": 100, "batchSize": %d, "maxSteps": %d, "learningRate": 0.0003, "flip": false,
         "clipGroups": ["network", "head"], "logEvery": 1}
        """
            .formatted(BATCH, STEPS);
    Selected<DistillationMethod<?>> selected =
        RecordBinder.select(DistillationMethod.class, method);
    return TrainingSetup.of(
            student(), TinyStudent.PREPROCESSING, FACES, TinyOptions.of(options), SEED)
        .head(HEAD)
        .method(selected)
        .teacher(new CachedTeacher(features, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "feature-consistency", "rkd"})
  void lossesFollowPyTorch(String method) throws Exception {
    RecordedHistory history = new RecordedHistory();
    TrainingRun.run(setup(method).listener(history));
    JsonNode curve = new ObjectMapper().readTree(Files.readString(CURVES)).get(method);
    List<Double> losses = history.values("loss/total");
    assertThat(losses).hasSize(STEPS);
    for (int i = 0; i < STEPS; i++) {
      double expected = curve.get(i).doubleValue();
      assertThat(losses.get(i))
          .as("step %d", i + 1)
          .isCloseTo(expected, within(TOLERANCE * expected));
    }
  }

  /** Start weights, images, teacher and order of the batches for PyTorch. */
  @Test
  @EnabledIfSystemProperty(named = "facet.curves.start", matches = ".+")
  void writesStart() throws Exception {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    try (NDManager manager = Torch.newManager();
        Network student = student();
        IdentityHead head = new IdentityHead(HEAD, FACES.classes(), WIDTH)) {
      student.initialise(manager, SeededHash.seed(SEED, "student"));
      head.initialise(manager, SeededHash.seed(SEED, "head"));
      put(tensors, "student.", student);
      put(tensors, "head.", head);
    }
    float[] images = new float[FACES.size() * 16 * 16 * 3];
    float[] labels = new float[FACES.size()];
    float[] teacher = new float[FACES.size() * WIDTH];
    float[][] rows = teacher();
    for (int i = 0; i < FACES.size(); i++) {
      byte[] bgr = FACES.crop(i).bgr();
      for (int j = 0; j < bgr.length; j++) {
        images[i * bgr.length + j] = bgr[j] & 0xFF;
      }
      labels[i] = FACES.label(i);
      System.arraycopy(rows[i], 0, teacher, i * WIDTH, WIDTH);
    }
    ShuffledOrder order = new ShuffledOrder(FACES, BATCH, SEED);
    float[] batches = new float[STEPS * BATCH];
    for (int step = 0; step < STEPS; step++) {
      int perEpoch = order.batchesPerEpoch();
      int[] batch = order.epoch(step / perEpoch)[step % perEpoch];
      for (int i = 0; i < BATCH; i++) {
        batches[step * BATCH + i] = batch[i];
      }
    }
    put(tensors, "images", new Shape(FACES.size(), 16, 16, 3), images);
    put(tensors, "labels", new Shape(FACES.size()), labels);
    put(tensors, "teacher", new Shape(FACES.size(), WIDTH), teacher);
    put(tensors, "batches", new Shape(STEPS, BATCH), batches);
    Files.write(
        Path.of(System.getProperty("facet.curves.start")), Safetensors.write(tensors, Map.of()));
  }

  private static void put(Map<String, FloatTensor> into, String prefix, Layer layer) {
    layer
        .weights()
        .forEach(
            (name, weight) ->
                put(into, prefix + name, weight.shape(), weight.array().toFloatArray()));
  }

  private static void put(Map<String, FloatTensor> into, String name, Shape shape, float[] values) {
    into.put(name, FloatTensor.of(name, shape, values));
  }
}
