package io.facet.models.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.CropRows;
import io.facet.models.train.teacher.TeacherBatch;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A teacher that shows the manager of the whole run in every step. */
public record CountingTeacher(TeacherOutputs teacher, Consumer<NDManager> onStep)
    implements TeacherOutputs {
  @Override
  public void to(Device device, ForwardPrecision precision) {
    teacher.to(device, precision);
  }

  @Override
  public int embeddingSize() {
    return teacher.embeddingSize();
  }

  @Override
  public Map<String, Shape> taps() {
    return teacher.taps();
  }

  @Override
  public int promptTokens() {
    return teacher.promptTokens();
  }

  @Override
  public Optional<Preprocessing> preprocessing() {
    return teacher.preprocessing();
  }

  @Override
  public Optional<PromptSet> trainedPrompts() {
    return teacher.trainedPrompts();
  }

  @Override
  public Optional<CropRows> cached(Set<String> taps) {
    return teacher.cached(taps);
  }

  @Override
  public Features outputs(TensorScope scope, TeacherBatch batch) {
    onStep.accept(scope.manager().getParentManager());
    return teacher.outputs(scope, batch);
  }
}
