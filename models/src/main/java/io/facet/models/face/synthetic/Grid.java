package io.facet.models.face.synthetic;

/** A projected mesh of rows x columns points with what is interpolated between them. */
final class Grid {
  final int rows;
  final int columns;
  final float[] sx;
  final float[] sy;
  final float[] z;
  final float[] u;
  final float[] v;
  final float[] w;
  final float[] nx;
  final float[] ny;
  final float[] nz;

  /** Negative where the mesh has a hole. */
  final float[] keep;

  /** Points in face axes, three values each. */
  private final double[] points;

  Grid(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    int count = rows * columns;
    sx = new float[count];
    sy = new float[count];
    z = new float[count];
    u = new float[count];
    v = new float[count];
    w = new float[count];
    nx = new float[count];
    ny = new float[count];
    nz = new float[count];
    keep = new float[count];
    points = new double[3 * count];
  }

  /** Places a point; u, v, w are kept as its place on the face. */
  void put(int row, int column, double x, double y, double pz, double[] place, double kept) {
    int at = row * columns + column;
    points[3 * at] = x;
    points[3 * at + 1] = y;
    points[3 * at + 2] = pz;
    u[at] = (float) place[0];
    v[at] = (float) place[1];
    w[at] = (float) place[2];
    keep[at] = (float) kept;
  }

  /** Projects all points and turns the cross products of their neighbours into normals. */
  void project(Scene scene) {
    double[] out = new double[3];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = row * columns + column;
        scene.project(points[3 * at], points[3 * at + 1], points[3 * at + 2], out);
        sx[at] = (float) out[0];
        sy[at] = (float) out[1];
        z[at] = (float) out[2];
        normal(row, column, at, scene.rotation());
      }
    }
  }

  private void normal(int row, int column, int at, double[] rotation) {
    int left = 3 * (row * columns + Math.max(0, column - 1));
    int right = 3 * (row * columns + Math.min(columns - 1, column + 1));
    int up = 3 * (Math.max(0, row - 1) * columns + column);
    int down = 3 * (Math.min(rows - 1, row + 1) * columns + column);
    double ax = points[right] - points[left];
    double ay = points[right + 1] - points[left + 1];
    double az = points[right + 2] - points[left + 2];
    double bx = points[down] - points[up];
    double by = points[down + 1] - points[up + 1];
    double bz = points[down + 2] - points[up + 2];
    double cx = ay * bz - az * by;
    double cy = az * bx - ax * bz;
    double cz = ax * by - ay * bx;
    double norm = Math.sqrt(cx * cx + cy * cy + cz * cz) + 1e-12;
    nx[at] = (float) ((rotation[0] * cx + rotation[1] * cy + rotation[2] * cz) / norm);
    ny[at] = (float) ((rotation[3] * cx + rotation[4] * cy + rotation[5] * cz) / norm);
    nz[at] = (float) ((rotation[6] * cx + rotation[7] * cy + rotation[8] * cz) / norm);
  }
}
