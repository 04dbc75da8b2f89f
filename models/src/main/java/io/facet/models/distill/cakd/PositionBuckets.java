package io.facet.models.distill.cakd;

import io.facet.models.RecipeException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows of the position table for grid cells: bucket of Euclidean plus weighted facial distance. */
final class PositionBuckets {
  private final CakdOptions options;
  private final PiecewiseIndex index;
  private final int side;
  private final Optional<float[]> saliency;

  /**
   * @param saliency of the teacher on any square grid, needed for the saliency distance
   */
  PositionBuckets(CakdOptions options, Optional<float[]> saliency) {
    this.options = options;
    this.index = PiecewiseIndex.ofRatio(options.pifRatio(), options.roundFirst());
    this.side = FacialDistances.side(options.locals(), "locals");
    this.saliency = saliency;
    if (options.faceDistance() == FaceDistance.SD && saliency.isEmpty()) {
      throw new RecipeException(
          "cakd: faceDistance sd needs the teacher's saliency map; run a prompt stage or choose rd");
    }
  }

  /** Rows of the table: the buckets, and one for prompt tokens where features have rows. */
  int tableRows() {
    return index.buckets() + (options.pePlacement() == PositionPlacement.QUERY ? 0 : 1);
  }

  /** Row of distance 0. */
  int nearest() {
    return index.offset();
  }

  /**
   * Rows of the L local queries, of the feature tokens, or of all pairs of both, query by query:
   * whichever carry the code.
   *
   * @param tokens a square grid, then prompts
   * @param prompts how many of the tokens are prompts
   */
  int[] rows(int tokens, int prompts) {
    boolean centre = options.anchor() == Anchor.CENTRE;
    double[] points = FacialDistances.keyPoints(side);
    double anchorX = centre ? (side - 1) / 2.0 : points[4];
    double anchorY = centre ? (side - 1) / 2.0 : points[5];
    return switch (options.pePlacement()) {
      case QUERY -> ofGrid(side, anchorX, anchorY);
      case KEY -> ofTokens(tokens, prompts, anchorX, anchorY);
      case PAIR ->
          IntStream.range(0, side * side)
              .mapToObj(query -> ofTokens(tokens, prompts, query % side, query / side))
              .flatMapToInt(IntStream::of)
              .toArray();
    };
  }

  private int[] ofTokens(int tokens, int prompts, double anchorX, double anchorY) {
    int gridSide = FacialDistances.side(tokens - prompts, "the token grid");
    int[] rows = Arrays.copyOf(ofGrid(gridSide, anchorX, anchorY), tokens);
    Arrays.fill(rows, tokens - prompts, tokens, index.buckets());
    return rows;
  }

  private int[] ofGrid(int gridSide, double anchorX, double anchorY) {
    double[] cells = FacialDistances.cells(gridSide, side);
    double[] near = FacialDistances.euclidean(cells, anchorX, anchorY);
    double[] facial =
        switch (options.faceDistance()) {
          case NONE -> new double[near.length];
          case RD ->
              FacialDistances.relative(cells, anchorX, anchorY, FacialDistances.keyPoints(side));
          case SD -> saliencyDistances(gridSide, anchorX, anchorY);
        };
    int[] rows = new int[near.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = index.index(near[i] + options.gamma() * facial[i]) + index.offset();
    }
    return rows;
  }

  private double[] saliencyDistances(int gridSide, double anchorX, double anchorY) {
    float[] map = FacialDistances.resample(saliency.orElseThrow(), gridSide);
    double scale = (double) gridSide / side;
    int column = cell((anchorX + 0.5) * scale, gridSide);
    int row = cell((anchorY + 0.5) * scale, gridSide);
    double[] distances = FacialDistances.saliency(map, gridSide, row * gridSide + column);
    double unit = gridSide == 1 ? 1 : (side - 1.0) / (gridSide - 1.0);
    for (int i = 0; i < distances.length; i++) {
      distances[i] *= unit;
    }
    return distances;
  }

  private static int cell(double position, int gridSide) {
    return Math.max(0, Math.min(gridSide - 1, (int) Math.floor(position)));
  }
}
