package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StartingFaces;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.Map;

/**
 * Brings student embeddings into the teacher's space: a trained linear map {@code x W} without
 * bias, dropped at inference, or nothing.
 *
 * <p>A random map in front of a network that already tells faces apart tears it: the first
 * gradients ask the network, not the map, to change. With {@link AdapterOptions.Start#REGRESSION}
 * the map starts as the ridge regression of directions, {@code argmin_W ||S W - T||^2 + lambda
 * ||W||^2}, over a sample of faces, rows of S and T normalised (reconstructed).
 */
public final class EmbeddingAdapter extends Layer implements MethodSession.StartsFromFaces {
  /** Keeps W bounded with fewer faces than dimensions. */
  private static final double RIDGE = 1e-3;

  private static final String WEIGHT = "weight";

  private final AdapterOptions options;
  private final boolean fitsLengths;
  private final Weight matrix;

  /** An adapter of directions; see the other constructor. */
  public EmbeddingAdapter(String method, int from, int to, AdapterOptions options) {
    this(method, from, to, options, false);
  }

  /**
   * An adapter between two widths.
   *
   * @param method key of the method, for the message
   * @param fitsLengths whether a regression fits raw embeddings instead of their directions
   * @throws RecipeException if the widths differ and no map is allowed
   */
  EmbeddingAdapter(String method, int from, int to, AdapterOptions options, boolean fitsLengths) {
    if (from != to && options.absent()) {
      throw new RecipeException(
          "method '%s': the student's embedding has width %d, the teacher's %d; set adapter: {use: different-widths} or choose equal widths"
              .formatted(method, from, to));
    }
    this.options = options;
    this.fitsLengths = fitsLengths;
    boolean maps = from != to || options.use() == AdapterOptions.Use.ALWAYS;
    matrix = maps ? matrix(WEIGHT, Initialiser.normal(1 / Math.sqrt(from)), from, to) : null;
  }

  /** From the student's width to the teacher's; see {@link #EmbeddingAdapter}. */
  public static EmbeddingAdapter of(String method, MethodSetup setup, AdapterOptions options) {
    return new EmbeddingAdapter(
        method, setup.studentEmbedding(), setup.teacherEmbedding(), options);
  }

  @Override
  public void start(StartingFaces faces) {
    if (matrix == null || !options.regresses(faces.warmStudent())) {
      return;
    }
    StartingFaces.Embeddings sample = faces.embeddings();
    NDArray map =
        fitsLengths
            ? regression(sample.student(), sample.teacher())
            : regression(L2Normalise.of(sample.student()), L2Normalise.of(sample.teacher()));
    load(matrix.array().getManager(), Map.of(WEIGHT, HostArray.floats(map)));
  }

  /**
   * Ridge regression {@code (S^T S + lambda I)^-1 S^T T} in double precision, {@code lambda} a
   * thousandth of the mean diagonal element of {@code S^T S}.
   *
   * @param from S, {@code (N, d_S)}; N may be smaller than {@code d_S}
   * @param to T, {@code (N, d_T)}
   * @return {@code (d_S, d_T)}, float
   */
  static NDArray regression(NDArray from, NDArray to) {
    NDArray rows = from.toType(DataType.FLOAT64, false);
    NDArray gram = rows.transpose().matMul(rows);
    int width = (int) from.getShape().get(1);
    NDArray ridge = NewArray.eye(rows, width).toType(DataType.FLOAT64, false);
    ridge = ridge.mul(gram.mul(ridge).sum()).mul(RIDGE / width);
    NDArray sides = rows.transpose().matMul(to.toType(DataType.FLOAT64, false));
    return TorchOps.solve(gram.add(ridge), sides).toType(DataType.FLOAT32, false);
  }

  /** Maps {@code (B, from)} to {@code (B, to)}. */
  public NDArray forward(NDArray embeddings) {
    return matrix == null ? embeddings : embeddings.matMul(matrix.array());
  }
}
