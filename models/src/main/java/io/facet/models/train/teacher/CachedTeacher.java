package io.facet.models.train.teacher;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Features;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.BatchRows;
import io.facet.models.train.data.CropRows;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A constant teacher whose outputs were computed beforehand. */
public final class CachedTeacher implements TeacherOutputs {
  private final CachedFeatures features;
  private final Map<String, Shape> taps;
  private final int embeddingSize;
  private final int promptTokens;
  private Device device = Device.cpu();

  /**
   * A teacher of cached outputs.
   *
   * @param promptTokens how many of the last tokens of its token taps are prompts
   */
  public CachedTeacher(CachedFeatures features, int promptTokens) {
    this.features = features;
    this.promptTokens = promptTokens;
    taps = new LinkedHashMap<>(features.shapes());
    Shape embedding = taps.remove(CachedFeatures.EMBEDDING);
    if (embedding == null) {
      throw new DataException(
          "teacher features hold no embeddings, only %s; run the teacher stage again"
              .formatted(taps.keySet()));
    }
    embeddingSize = (int) embedding.size();
  }

  @Override
  public void to(Device where, ForwardPrecision precision) {
    device = where;
  }

  @Override
  public int embeddingSize() {
    return embeddingSize;
  }

  @Override
  public Map<String, Shape> taps() {
    return taps;
  }

  @Override
  public int promptTokens() {
    return promptTokens;
  }

  @Override
  public Optional<Preprocessing> preprocessing() {
    return Optional.empty();
  }

  @Override
  public Optional<PromptSet> trainedPrompts() {
    return Optional.empty();
  }

  @Override
  public Optional<CropRows> cached(Set<String> read) {
    return Optional.of(new Rows(features, read));
  }

  @Override
  public Features outputs(TensorScope scope, TeacherBatch batch) {
    Map<String, float[]> rows = batch.rows().orElseGet(() -> read(batch)).values();
    int count = batch.indices().length;
    Map<String, NDArray> outputs = new LinkedHashMap<>();
    rows.forEach(
        (name, values) -> {
          Shape one =
              name.equals(CachedFeatures.EMBEDDING) ? new Shape(embeddingSize) : taps.get(name);
          Shape all = new Shape(count).addAll(one);
          outputs.put(name, NewArray.of(scope.manager(), device, FloatBuffer.wrap(values), all));
        });
    NDArray embedding = outputs.remove(CachedFeatures.EMBEDDING);
    return new Features(embedding, outputs);
  }

  private BatchRows read(TeacherBatch batch) {
    int count = batch.indices().length;
    BatchRows rows = new BatchRows(new Rows(features, taps.keySet()), count, float[]::new);
    for (int i = 0; i < count; i++) {
      rows.read(i, batch.indices()[i], batch.mirrored()[i]);
    }
    return rows;
  }

  /** Embeddings and some taps. */
  private static final class Rows implements CropRows {
    private final CachedFeatures features;
    private final Map<String, Integer> lengths = new LinkedHashMap<>();

    Rows(CachedFeatures features, Set<String> taps) {
      this.features = features;
      features
          .shapes()
          .forEach(
              (name, shape) -> {
                if (taps.contains(name) || name.equals(CachedFeatures.EMBEDDING)) {
                  lengths.put(name, Math.toIntExact(shape.size()));
                }
              });
    }

    @Override
    public Map<String, Integer> lengths() {
      return lengths;
    }

    @Override
    public void read(String name, int index, boolean mirrored, float[] target, int from) {
      features.read(name, index, mirrored, target, from);
    }
  }
}
