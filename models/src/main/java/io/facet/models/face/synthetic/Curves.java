package io.facet.models.face.synthetic;

/** Small functions shared by mesh and shading. */
final class Curves {
  private Curves() {}

  /** 0 up to the first edge, 1 from the second on, smooth between. */
  static double step(double from, double to, double value) {
    double t = clamp((value - from) / (to - from));
    return t * t * (3 - 2 * t);
  }

  /** A bump of height 1 at 0 that is exactly 0 from radius 1 on. */
  static double bump(double squaredRadius) {
    if (squaredRadius >= 1) {
      return 0;
    }
    double t = 1 - squaredRadius;
    return t * t;
  }

  static double clamp(double value) {
    return value < 0 ? 0 : Math.min(value, 1);
  }

  static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  /** Smooth noise in -1..1 with features of size 1, repeatable. */
  static double noise(double x, double y, int salt) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double fx = x - x0;
    double fy = y - y0;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    double top = mix(lattice(x0, y0, salt), lattice(x0 + 1, y0, salt), fx);
    double bottom = mix(lattice(x0, y0 + 1, salt), lattice(x0 + 1, y0 + 1, salt), fx);
    return mix(top, bottom, fy);
  }

  private static double lattice(int x, int y, int salt) {
    int hash = x * 0x27d4eb2d + y * 0x165667b1 + salt * 0x9e3779b1;
    hash = (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
    hash = (hash ^ (hash >>> 12)) * 0x297a2d39;
    hash ^= hash >>> 15;
    return hash / 2147483648.0;
  }
}
