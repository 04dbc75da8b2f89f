package io.facet.models.face.synthetic;

/**
 * Pixels under construction: what is nearest at each of them (part, place on the face, normal), and
 * its colour. Triangles are filled with a depth test.
 */
@SuppressWarnings("MemberName")
final class Canvas {
  static final byte NOTHING = 0;
  static final byte SKIN = 1;
  static final byte HAIR = 2;

  final int size;
  final byte[] part;
  final float[] depth;

  /** Place on the face, normal towards the viewer in camera axes. */
  final float[] u;

  final float[] v;
  final float[] w;
  final float[] nx;
  final float[] ny;
  final float[] nz;

  /** Three planes R, G, B in 0..1, row by row. */
  final float[][] rgb;

  Canvas(int size) {
    this.size = size;
    int pixels = size * size;
    part = new byte[pixels];
    depth = new float[pixels];
    u = new float[pixels];
    v = new float[pixels];
    w = new float[pixels];
    nx = new float[pixels];
    ny = new float[pixels];
    nz = new float[pixels];
    rgb = new float[3][pixels];
    java.util.Arrays.fill(depth, Float.NEGATIVE_INFINITY);
  }

  /** Fills the two triangles of every cell of a grid, where {@code keep} is not negative. */
  void draw(Grid grid, byte id) {
    for (int row = 0; row + 1 < grid.rows; row++) {
      for (int column = 0; column + 1 < grid.columns; column++) {
        int a = row * grid.columns + column;
        int b = a + grid.columns;
        if (grid.keep[a] < 0 && grid.keep[a + 1] < 0 && grid.keep[b] < 0 && grid.keep[b + 1] < 0) {
          continue;
        }
        fill(grid, a, b, a + 1, id);
        fill(grid, a + 1, b, b + 1, id);
      }
    }
  }

  private void fill(Grid g, int a, int b, int c, byte id) {
    float ax = g.sx[a];
    float ay = g.sy[a];
    float abx = g.sx[b] - ax;
    float aby = g.sy[b] - ay;
    float acx = g.sx[c] - ax;
    float acy = g.sy[c] - ay;
    float area = abx * acy - aby * acx;
    if (Math.abs(area) < 1e-9f) {
      return;
    }
    float minX = Math.min(ax, Math.min(g.sx[b], g.sx[c]));
    float maxX = Math.max(ax, Math.max(g.sx[b], g.sx[c]));
    float minY = Math.min(ay, Math.min(g.sy[b], g.sy[c]));
    float maxY = Math.max(ay, Math.max(g.sy[b], g.sy[c]));
    int x0 = Math.max(0, (int) Math.ceil(minX));
    int x1 = Math.min(size - 1, (int) Math.floor(maxX));
    int y0 = Math.max(0, (int) Math.ceil(minY));
    int y1 = Math.min(size - 1, (int) Math.floor(maxY));
    float inverse = 1 / area;
    for (int y = y0; y <= y1; y++) {
      for (int x = x0; x <= x1; x++) {
        float px = x - ax;
        float py = y - ay;
        float s = (px * acy - py * acx) * inverse;
        float t = (abx * py - aby * px) * inverse;
        if (s < -1e-5f || t < -1e-5f || s + t > 1.00001f) {
          continue;
        }
        float r = 1 - s - t;
        float z = r * g.z[a] + s * g.z[b] + t * g.z[c];
        int at = y * size + x;
        if (z <= depth[at] || r * g.keep[a] + s * g.keep[b] + t * g.keep[c] < 0) {
          continue;
        }
        depth[at] = z;
        part[at] = id;
        u[at] = r * g.u[a] + s * g.u[b] + t * g.u[c];
        v[at] = r * g.v[a] + s * g.v[b] + t * g.v[c];
        w[at] = r * g.w[a] + s * g.w[b] + t * g.w[c];
        nx[at] = r * g.nx[a] + s * g.nx[b] + t * g.nx[c];
        ny[at] = r * g.ny[a] + s * g.ny[b] + t * g.ny[c];
        nz[at] = r * g.nz[a] + s * g.nz[b] + t * g.nz[c];
      }
    }
  }
}
