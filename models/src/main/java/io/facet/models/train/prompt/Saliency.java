package io.facet.models.train.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.data.TrainingSet;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where a teacher looks: the mean over a calibration set of the length of its last tokens, scaled
 * to 0..1 for each crop and again for the mean. Reconstructed from the name in CAKD.
 */
public final class Saliency {
  private static final String TAP = "last";
  private static final int BATCH = 32;

  private Saliency() {}

  /**
   * The map of a teacher without prompts.
   *
   * @param teacher with its weights
   * @param crops size of the calibration set; its crops are chosen by their names
   * @return one value in 0..1 a token or cell, row by row
   * @throws InterruptedException if the thread is interrupted, between two batches
   */
  public static float[] map(
      Network teacher, Preprocessing preprocessing, TrainingSet set, int crops)
      throws InterruptedException {
    int[] chosen =
        IntStream.range(0, set.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingLong(i -> SeededHash.of(set.faceId(i)))
                    .thenComparing(i -> i))
            .limit(crops)
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sum = null;
    try (NDManager root = Torch.newManager()) {
      for (int start = 0; start < chosen.length; start += BATCH) {
        if (Thread.interrupted()) {
          throw new InterruptedException("saliency was interrupted at crop " + start);
        }
        int[] batch = Arrays.copyOfRange(chosen, start, Math.min(start + BATCH, chosen.length));
        for (float[] norms : norms(teacher, preprocessing, set, batch, root)) {
          scale(norms);
          sum = sum == null ? new double[norms.length] : sum;
          for (int i = 0; i < norms.length; i++) {
            sum[i] += norms[i];
          }
        }
      }
    }
    float[] mean = new float[sum == null ? 0 : sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / chosen.length);
    }
    scale(mean);
    return mean;
  }

  private static float[][] norms(
      Network teacher, Preprocessing preprocessing, TrainingSet set, int[] batch, NDManager root) {
    FloatBuffer pixels =
        FloatBuffer.allocate(Math.multiplyExact(batch.length, CropTensor.size(preprocessing)));
    for (int index : batch) {
      CropTensor.put(set.crop(index), preprocessing, false, pixels);
    }
    try (TensorScope scope = TensorScope.inference(root, teacher)) {
      Shape shape = new Shape(batch.length).addAll(teacher.inputShape());
      NDArray images =
          NewArray.of(scope.manager(), teacher.device(), FloatBuffer.wrap(pixels.array()), shape);
      NDArray last = teacher.forward(images, Set.of(TAP), false).tap(TAP);
      int channels = last.getShape().dimension() == 4 ? 1 : 2;
      float[] flat = HostArray.floats(last.square().sum(new int[] {channels}).sqrt());
      int cells = flat.length / batch.length;
      float[][] rows = new float[batch.length][];
      Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * cells, (i + 1) * cells));
      return rows;
    }
  }

  /** Smallest value to 0, largest to 1; equal values to 0. */
  static void scale(float[] values) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    float range = high - low;
    for (int i = 0; i < values.length; i++) {
      values[i] = range > 0 ? (values[i] - low) / range : 0;
    }
  }
}
