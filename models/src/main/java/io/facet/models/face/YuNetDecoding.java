package io.facet.models.face;

import java.util.List;

/** Turns YuNet's raw outputs into faces; arithmetic on arrays only. */
final class YuNetDecoding {
  /** Pixels between the cells of the three output grids. */
  static final int[] STRIDES = {8, 16, 32};

  private YuNetDecoding() {}

  /**
   * Raw outputs of one grid, row by row, one cell after the other.
   *
   * @param classScores (cells), in 0..1
   * @param objectScores (cells), in 0..1
   * @param boxes (cells, 4): offset of the middle in cells, logarithm of the size in cells
   * @param points (cells, 10): offsets of the landmarks in cells
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Grid(float[] classScores, float[] objectScores, float[] boxes, float[] points) {}

  /**
   * Adds the faces of one grid: score = sqrt(class score * object score), each clipped to 0..1;
   * middle = (cell + offset) * stride; size = exp(logarithm) * stride.
   *
   * @param columns cells in a row
   * @param stride pixels a cell
   * @param threshold lowest score
   * @param faces collects the faces, in pixels of the detector's input
   */
  static void decode(
      Grid grid, int columns, int stride, double threshold, List<DetectedFace> faces) {
    for (int cell = 0; cell < grid.classScores().length; cell++) {
      double score = Math.sqrt(clip(grid.classScores()[cell]) * clip(grid.objectScores()[cell]));
      if (!(score >= threshold)) {
        continue;
      }
      int column = cell % columns;
      int row = cell / columns;
      float[] box = grid.boxes();
      double width = Math.exp(box[cell * 4 + 2]) * stride;
      double height = Math.exp(box[cell * 4 + 3]) * stride;
      double left = (column + (double) box[cell * 4]) * stride - width / 2;
      double top = (row + (double) box[cell * 4 + 1]) * stride - height / 2;
      float[] landmarks = new float[FaceLandmarks.FIVE];
      for (int i = 0; i < landmarks.length; i += 2) {
        landmarks[i] = (float) ((column + (double) grid.points()[cell * 10 + i]) * stride);
        landmarks[i + 1] = (float) ((row + (double) grid.points()[cell * 10 + i + 1]) * stride);
      }
      faces.add(
          new DetectedFace(
              (float) left, (float) top, (float) width, (float) height, landmarks, (float) score));
    }
  }

  private static double clip(float value) {
    return Math.min(1.0, Math.max(0.0, value));
  }
}
