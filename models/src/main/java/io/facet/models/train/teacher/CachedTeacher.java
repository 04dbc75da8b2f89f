package io.facet.models.train.teacher;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Features;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
  public Features outputs(TensorScope scope, TeacherBatch batch) {
    Map<String, NDArray> outputs = new LinkedHashMap<>();
    taps.forEach((tap, shape) -> outputs.put(tap, gather(scope.manager(), batch, tap, shape)));
    Shape embedding = new Shape(embeddingSize);
    return new Features(
        gather(scope.manager(), batch, CachedFeatures.EMBEDDING, embedding), outputs);
  }

  private NDArray gather(NDManager manager, TeacherBatch batch, String tap, Shape shape) {
    int count = batch.indices().length;
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(count * shape.size()));
    for (int i = 0; i < count; i++) {
      values.put(features.values(tap, batch.indices()[i], batch.mirrored()[i]));
    }
    return NewArray.of(manager, device, values.flip(), new Shape(count).addAll(shape));
  }
}
