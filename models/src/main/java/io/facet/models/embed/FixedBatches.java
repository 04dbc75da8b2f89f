package io.facet.models.embed;

import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.ThreadBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Cuts crops into batches of one size, the last one padded with zeros, since a network's bits
 * depend on the batch size; joins the mirror images where the contract says so.
 */
public final class FixedBatches {
  private static final ThreadBuffer IMAGES = new ThreadBuffer();

  private FixedBatches() {}

  /** One forward pass. */
  @FunctionalInterface
  public interface Forward {
    /**
     * Embeddings of one batch.
     *
     * @param images {@code (batch, 3, H, W)}, direct, in native order, at position 0; only for the
     *     time of the call
     * @return {@code batch * d} values
     */
    float[] run(FloatBuffer images);
  }

  /** Embeddings of all crops, one row each. */
  public static float[][] embed(
      List<Pixels> crops, Preprocessing preprocessing, int batchSize, Forward forward) {
    boolean fused = preprocessing.flipFusion() == Preprocessing.FlipFusion.SUM;
    float[][] embeddings = new float[crops.size()][];
    for (int start = 0; start < crops.size(); start += batchSize) {
      List<Pixels> part = crops.subList(start, Math.min(crops.size(), start + batchSize));
      float[] values = forward.run(images(part, preprocessing, batchSize, false));
      float[] mirrored =
          fused ? forward.run(images(part, preprocessing, batchSize, true)) : new float[0];
      int width = values.length / batchSize;
      for (int i = 0; i < part.size(); i++) {
        float[] row = new float[width];
        for (int j = 0; j < width; j++) {
          int k = i * width + j;
          row[j] = fused ? values[k] + mirrored[k] : values[k];
        }
        embeddings[start + i] = row;
      }
    }
    return embeddings;
  }

  private static FloatBuffer images(
      List<Pixels> part, Preprocessing preprocessing, int batchSize, boolean mirrored) {
    FloatBuffer images = IMAGES.floats(batchSize * CropTensor.size(preprocessing));
    for (Pixels crop : part) {
      CropTensor.put(crop, preprocessing, mirrored, images);
    }
    while (images.hasRemaining()) {
      images.put(0);
    }
    return images.rewind();
  }
}
