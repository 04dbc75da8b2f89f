package io.facet.models.distill.cakd;

import io.facet.models.RecipeException;
import java.util.Optional;

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

  /** Rows of the table: the buckets, and one for prompt tokens where keys carry the code. */
  int tableRows() {
    return index.buckets() + (options.pePlacement() == PositionPlacement.KEY ? 1 : 0);
  }

  /** Rows of the L local queries, or of feature tokens, whichever carry the code. */
  int[] rows(int tokens, int prompts) {
    return options.pePlacement() == PositionPlacement.QUERY
        ? ofGrid(side)
        : ofTokens(tokens, prompts);
  }

  /**
   * Rows of feature tokens: a square grid, then prompts.
   *
   * @param tokens all of them
   * @param prompts how many of them are prompts
   */
  private int[] ofTokens(int tokens, int prompts) {
    int[] spatial = ofGrid(FacialDistances.side(tokens - prompts, "the token grid"));
    int[] rows = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      rows[i] = i < spatial.length ? spatial[i] : index.buckets();
    }
    return rows;
  }

  private int[] ofGrid(int gridSide) {
    double[] cells = FacialDistances.cells(gridSide, side);
    double[] points = FacialDistances.keyPoints(side);
    boolean centre = options.anchor() == Anchor.CENTRE;
    double anchorX = centre ? (side - 1) / 2.0 : points[4];
    double anchorY = centre ? (side - 1) / 2.0 : points[5];
    double[] near = FacialDistances.euclidean(cells, anchorX, anchorY);
    double[] facial =
        switch (options.faceDistance()) {
          case NONE -> new double[near.length];
          case RD -> FacialDistances.relative(cells, anchorX, anchorY, points);
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
