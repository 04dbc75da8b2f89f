package io.facet.models.train.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.data.InputImages;
import io.facet.models.train.data.TrainingSet;
import java.util.Arrays;
import java.util.Map;

/** Runs a constant live teacher once over a training set, both views of every crop. */
public final class TeacherPass {
  private TeacherPass() {}

  /** Takes in what the teacher gave for one view of one crop. */
  @FunctionalInterface
  public interface Sink {
    /**
     * One row.
     *
     * @param tap {@link CachedFeatures#EMBEDDING} or the name of a tap
     * @param shape without the batch axis
     */
    void put(String faceId, boolean mirrored, String tap, Shape shape, float[] values);
  }

  /** All outputs in memory. */
  public static InMemoryFeatures all(LiveTeacher teacher, TrainingSet set, int batchSize)
      throws InterruptedException {
    InMemoryFeatures features = new InMemoryFeatures(set);
    run(teacher, set, batchSize, features::put);
    return features;
  }

  /**
   * Runs the teacher. Batches have a fixed size, the last one filled up with its last crop, since a
   * network's bits depend on the batch size.
   *
   * @throws InterruptedException if the thread is interrupted, between two batches
   */
  public static void run(LiveTeacher teacher, TrainingSet set, int batchSize, Sink sink)
      throws InterruptedException {
    Preprocessing preprocessing = teacher.preprocessing().orElseThrow();
    try (NDManager root = Torch.newManager()) {
      for (int start = 0; start < set.size(); start += batchSize) {
        for (boolean mirrored : new boolean[] {false, true}) {
          if (Thread.interrupted()) {
            throw new InterruptedException("teacher pass was interrupted at crop " + start);
          }
          int[] indices = new int[batchSize];
          int first = start;
          Arrays.setAll(indices, i -> Math.min(first + i, set.size() - 1));
          boolean[] views = new boolean[batchSize];
          Arrays.fill(views, mirrored);
          InputImages images = InputImages.onHost(preprocessing, views);
          for (int i = 0; i < batchSize; i++) {
            images.put(i, set.crop(indices[i]));
          }
          int count = Math.min(batchSize, set.size() - start);
          try (TensorScope scope = TensorScope.inference(root)) {
            Features features =
                teacher.outputs(scope, new TeacherBatch(start, indices, views, images));
            put(
                set,
                indices,
                count,
                mirrored,
                CachedFeatures.EMBEDDING,
                features.embedding(),
                sink);
            for (Map.Entry<String, NDArray> tap : features.taps().entrySet()) {
              put(set, indices, count, mirrored, tap.getKey(), tap.getValue(), sink);
            }
          }
        }
      }
    }
  }

  private static void put(
      TrainingSet set,
      int[] indices,
      int count,
      boolean mirrored,
      String tap,
      NDArray outputs,
      Sink sink) {
    Shape one = outputs.getShape().slice(1);
    int length = (int) one.size();
    float[] values = HostArray.floats(outputs);
    for (int i = 0; i < count; i++) {
      sink.put(
          set.faceId(indices[i]),
          mirrored,
          tap,
          one,
          Arrays.copyOfRange(values, i * length, (i + 1) * length));
    }
  }
}
