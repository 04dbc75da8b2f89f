package io.facet.models.distill.cakd;

import io.facet.models.RecipeException;

/**
 * Distances between the cells of a square grid over the aligned face, row-major, cell (0, 0) at the
 * top left, in cells.
 *
 * <p>The names relative and saliency distance are the paper's (arXiv 2306.14662); their formulas
 * here are reconstructed.
 */
public final class FacialDistances {
  /** The five points of the 112x112 alignment template, x0, y0, ... x4, y4, in pixels. */
  private static final double[] TEMPLATE = {
    38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
  };

  private static final double CROP = 112;

  private FacialDistances() {}

  /**
   * The template's five points on a grid.
   *
   * @param side cells in a row
   * @return x0, y0, ... x4, y4; the centre of cell (0, 0) is the origin
   */
  public static double[] keyPoints(int side) {
    double[] points = new double[TEMPLATE.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = TEMPLATE[i] * side / CROP - 0.5;
    }
    return points;
  }

  /**
   * Euclidean distance of every cell to an anchor.
   *
   * @param cells x0, y0, x1, y1, ...
   * @param anchorX column of the anchor
   * @param anchorY row of the anchor
   */
  public static double[] euclidean(double[] cells, double anchorX, double anchorY) {
    double[] distances = new double[cells.length / 2];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.hypot(cells[2 * i] - anchorX, cells[2 * i + 1] - anchorY);
    }
    return distances;
  }

  /**
   * Relative distance: how differently a cell and the anchor lie to the five key points, mean over
   * the points of the absolute difference of both distances.
   *
   * @param points key points on the same grid, x0, y0, ...
   */
  public static double[] relative(double[] cells, double anchorX, double anchorY, double[] points) {
    double[] distances = new double[cells.length / 2];
    int count = points.length / 2;
    for (int i = 0; i < distances.length; i++) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        double ofCell =
            Math.hypot(cells[2 * i] - points[2 * k], cells[2 * i + 1] - points[2 * k + 1]);
        double ofAnchor = Math.hypot(anchorX - points[2 * k], anchorY - points[2 * k + 1]);
        sum += Math.abs(ofCell - ofAnchor);
      }
      distances[i] = sum / count;
    }
    return distances;
  }

  /**
   * Saliency distance: difference of saliency to the anchor cell, scaled by the grid's diagonal so
   * that it compares with the Euclidean distance.
   *
   * @param saliency in 0..1, {@code side * side} values
   * @param anchor index of the anchor cell
   */
  public static double[] saliency(float[] saliency, int side, int anchor) {
    if (saliency.length != side * side) {
      throw new IllegalArgumentException(
          "a saliency map of %d values on a grid of %dx%d".formatted(saliency.length, side, side));
    }
    double diagonal = (side - 1) * Math.sqrt(2);
    double[] distances = new double[saliency.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = diagonal * Math.abs(saliency[i] - saliency[anchor]);
    }
    return distances;
  }

  /** Centres of the cells of a grid, x0, y0, x1, y1, ... row by row. */
  public static double[] cells(int side) {
    return cells(side, side);
  }

  /**
   * Centres of the cells of one grid in the coordinates of another grid over the same face.
   *
   * @param side of the grid whose cells are meant
   * @param coordinates side of the grid whose unit is used
   */
  public static double[] cells(int side, int coordinates) {
    double[] cells = new double[2 * side * side];
    double scale = (double) coordinates / side;
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int at = 2 * (row * side + column);
        cells[at] = (column + 0.5) * scale - 0.5;
        cells[at + 1] = (row + 0.5) * scale - 0.5;
      }
    }
    return cells;
  }

  /**
   * A map on another square grid: means over areas when it shrinks, the nearest cell when it grows.
   */
  public static float[] resample(float[] map, int side) {
    int from = side(map.length, "saliency map");
    float[] resampled = new float[side * side];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int top = row * from / side;
        int bottom = Math.max(top + 1, ceilDivide((row + 1) * from, side));
        int left = column * from / side;
        int right = Math.max(left + 1, ceilDivide((column + 1) * from, side));
        double sum = 0;
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            sum += map[y * from + x];
          }
        }
        resampled[row * side + column] = (float) (sum / ((bottom - top) * (right - left)));
      }
    }
    return resampled;
  }

  private static int ceilDivide(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /**
   * Side of a square grid.
   *
   * @throws RecipeException if that many cells form no square
   */
  public static int side(long cells, String what) {
    int side = (int) Math.round(Math.sqrt(cells));
    if (side < 1 || (long) side * side != cells) {
      throw new RecipeException(
          "cakd: %s has %d cells, which form no square".formatted(what, cells));
    }
    return side;
  }
}
