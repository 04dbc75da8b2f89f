package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Features;
import io.facet.models.tensor.Torch;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;

/**
 * Taps of faces drawn from latent factors, new ones for each batch, so that nothing can be learnt
 * by heart. The teacher's embedding is the factors; its tokens are a linear map of them over what
 * all faces share, with noise.
 */
final class DrawnTokens {
  static final int TOKENS = 9;
  static final int WIDTH = 12;
  static final int FACTORS = 8;
  private static final int VALUES = TOKENS * WIDTH;

  /** What a student's tokens have to do with the teacher's. */
  enum Student {
    /** Nothing: factors of their own. */
    INDEPENDENT,
    /** One of the teacher's factors, the others their own. */
    ONE_FACTOR,
    /** They are a linear mix of the teacher's tokens with noise. */
    MIXED
  }

  private final Student kind;
  private final float scale;
  private final Random random = new Random(3);
  private final NDArray teacherMap;
  private final NDArray teacherMean;
  private final NDArray studentMap;
  private final NDArray studentMean;
  private final NDArray mix;

  /**
   * @param scale factor on the teacher's tokens
   */
  DrawnTokens(NDManager manager, Student kind, double scale) {
    this.kind = kind;
    this.scale = (float) scale;
    teacherMap = normal(manager, 0.4, FACTORS, VALUES);
    teacherMean = normal(manager, 1, 1, VALUES);
    studentMap = normal(manager, 0.4, FACTORS, VALUES);
    studentMean = normal(manager, 1, 1, VALUES);
    mix = normal(manager, 0.3, WIDTH, WIDTH);
  }

  /** Student and teacher of one batch. */
  public record Pair(Features student, Features teacher) {}

  Pair draw(NDManager manager, int batch) {
    NDArray factors = normal(manager, 1, batch, FACTORS);
    NDArray own = normal(manager, 1, batch, FACTORS);
    NDArray teacher = tokens(manager, factors, teacherMap, teacherMean);
    NDArray student =
        switch (kind) {
          case INDEPENDENT -> tokens(manager, own, studentMap, studentMean);
          case ONE_FACTOR -> tokens(manager, firstOf(factors, own), studentMap, studentMean);
          case MIXED ->
              teacher
                  .matMul(mix)
                  .add(normal(manager, 0.05, batch, VALUES).reshape(teacher.getShape()));
        };
    return new Pair(
        new Features(own, Map.of(CakdSession.TAP, student)),
        new Features(factors, Map.of(CakdSession.TAP, teacher.mul(scale))));
  }

  private static NDArray firstOf(NDArray factors, NDArray own) {
    return factors.get(":, :1").concat(own.get(":, 1:"), 1);
  }

  private NDArray tokens(NDManager manager, NDArray factors, NDArray map, NDArray mean) {
    long batch = factors.getShape().get(0);
    return factors
        .matMul(map)
        .add(mean)
        .add(normal(manager, 0.1, batch, VALUES))
        .reshape(batch, TOKENS, WIDTH);
  }

  private NDArray normal(NDManager manager, double deviation, long... shape) {
    Shape wanted = new Shape(shape);
    float[] values = new float[(int) wanted.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Torch.array(manager, FloatBuffer.wrap(values), wanted);
  }
}
