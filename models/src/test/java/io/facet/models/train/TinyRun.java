package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.embed.Embedder;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.train.data.TrainingSet;
import java.util.List;
import java.util.Map;

/** A small training that ends in a second: four people, six faces each. */
final class TinyRun {
  static final TrainingSet FACES = new TinyFaces(4, 6);
  static final String CAKD = "{locals: 16, width: 16, heads: 2}";

  private TinyRun() {}

  /** A method with options as recipes write them: {@code {locals: 16}}. */
  static Selected<DistillationMethod<?>> method(String key, String yaml) {
    return RecordBinder.select(DistillationMethod.class, key, Yaml.json(yaml));
  }

  /** A student alone, trained with these options or, if empty, for twelve steps. */
  static TrainingSetup setup(String options) {
    return TrainingSetup.of(
        new TinyStudent(16),
        TinyStudent.PREPROCESSING,
        FACES,
        TinyOptions.of(
            options.isEmpty()
                ? "{epochs: 4, batchSize: 8, logEvery: 1, learningRate: 0.01}"
                : options),
        3);
  }

  /** The twelve steps of a method, or of {@code none} under another head. */
  static TrainingSetup setup(String key, NDManager manager) {
    return switch (key) {
      case "none" -> setup("");
      case "adaface" ->
          setup(
                  "{epochs: 4, batchSize: 8, logEvery: 1, learningRate: 0.01, identitySampleRate: 0.25}")
              .head(RecordBinder.select(MarginHead.class, "adaface"));
      case "feature-consistency" ->
          setup("").method(method(key, "{}")).teacher(TinyTeacher.plain(manager));
      case "cakd" ->
          setup("").method(method(key, CAKD)).teacher(TinyTeacher.prompted(manager, true));
      default -> throw new IllegalArgumentException(key);
    };
  }

  /** Squared distance of the embeddings of two identities. */
  static Map<String, Double> spread(int epoch, Embedder student) {
    float[][] rows = student.embed(List.of(FACES.crop(0), FACES.crop(23)));
    double sum = 0;
    for (int i = 0; i < rows[0].length; i++) {
      sum += Math.pow(rows[0][i] - rows[1][i], 2);
    }
    return Map.of("spread", sum);
  }
}
