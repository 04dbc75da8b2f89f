package io.facet.models.face.synthetic;

/** Builds the meshes of head and hair. */
final class Meshes {
  private static final int ROWS = 84;
  private static final int COLUMNS = 84;
  private static final int HAIR_ROWS = 56;
  private static final int HAIR_COLUMNS = 90;

  private Meshes() {}

  /** The head from ear to ear; u, v: place on the face, w: sine of the longitude. */
  static Grid head(FaceShape shape, HeadSurface surface) {
    Grid grid = new Grid(ROWS, COLUMNS);
    double[] sines = new double[COLUMNS];
    double[] cosines = new double[COLUMNS];
    double[] depths = new double[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
      double longitude = StrictMath.toRadians(-120 + 240.0 * c / (COLUMNS - 1));
      sines[c] = StrictMath.sin(longitude);
      cosines[c] = StrictMath.cos(longitude);
      depths[c] = Math.copySign(HeadSurface.roundness(sines[c]), cosines[c]);
    }
    double top = -shape.crown() + 1e-3;
    double bottom = shape.chin() - 1e-3;
    double[] place = new double[3];
    for (int r = 0; r < ROWS; r++) {
      double y = top + (bottom - top) * r / (ROWS - 1);
      double half = surface.halfWidth(y);
      double depth = surface.depth(y);
      for (int c = 0; c < COLUMNS; c++) {
        double ear = ear(shape, y, sines[c], cosines[c]);
        double x = half * sines[c];
        double z = depth * depths[c];
        if (cosines[c] > 0) {
          z += surface.relief(x, y);
        }
        place[0] = x;
        place[1] = y;
        place[2] = sines[c];
        grid.put(r, c, x * (1 + ear), surface.lowered(y), z, place, 1);
      }
    }
    return grid;
  }

  private static double ear(FaceShape shape, double y, double sine, double cosine) {
    double along = (cosine + 0.12) / 0.16;
    double up = (y - 0.06) / 0.2;
    return Math.abs(sine) < 0.9 ? 0 : 1.6 * shape.ears() * Curves.bump(along * along + up * up);
  }

  /** The hair as a shell around the head; u: longitude in radians, v: height. */
  static Grid hair(FaceShape shape, HeadSurface surface, int salt) {
    Grid grid = new Grid(HAIR_ROWS, HAIR_COLUMNS);
    double volume = Math.max(0.03, shape.hairVolume());
    double top = -shape.crown() + 1e-3;
    double bottom = sideLength(shape);
    double[] sines = new double[HAIR_COLUMNS];
    double[] fronts = new double[HAIR_COLUMNS];
    for (int c = 0; c < HAIR_COLUMNS; c++) {
      double longitude = longitude(c);
      sines[c] = StrictMath.sin(longitude);
      fronts[c] = Math.copySign(HeadSurface.roundness(sines[c]), StrictMath.cos(longitude));
    }
    double[] place = new double[3];
    for (int r = 0; r < HAIR_ROWS; r++) {
      double share = (double) r / (HAIR_ROWS - 1);
      double y = top + (bottom - top) * share * (0.4 + 0.6 * share);
      double half = surface.halfWidth(y);
      double depth = surface.depth(y);
      if (y > 0) {
        double hang = shape.width() * (0.97 - 0.12 * Curves.clamp(y));
        half = Math.max(half, hang);
        depth = Math.max(depth, 0.75);
      }
      double lift = volume * (1 - 0.4 * Curves.step(-0.4, 0.6, y));
      for (int c = 0; c < HAIR_COLUMNS; c++) {
        double longitude = longitude(c);
        double sine = sines[c];
        double x = (half + lift) * sine;
        double z = (depth + lift * 0.7) * fronts[c];
        place[0] = longitude;
        place[1] = y;
        place[2] = sine;
        double above = y - lift * Curves.step(0.3, 1, -y);
        grid.put(r, c, x, above, z, place, lineAt(shape, longitude, salt) - y);
      }
    }
    return grid;
  }

  private static double longitude(int column) {
    return StrictMath.PI * (-1 + 2.0 * column / (HAIR_COLUMNS - 1));
  }

  /** Lowest height of the hair beside the face. */
  private static double sideLength(FaceShape shape) {
    return Curves.mix(-0.15, 1.35, shape.hairLength() * shape.hairLength());
  }

  /** Height of the hairline at a longitude. */
  private static double lineAt(FaceShape shape, double longitude, int salt) {
    double side = Math.abs(longitude);
    double line =
        shape.hairline()
            + shape.hairPeak() * Curves.bump(HeadSurface.square(longitude / 0.35))
            - 0.35 * shape.hairTemples() * Curves.bump(HeadSurface.square((side - 0.75) / 0.4));
    if (shape.fringe() > 0) {
      line += shape.fringe() * (1 - Curves.step(0.5, 1, side));
    }
    double jag = 0.03 * Curves.noise(longitude * 9, 0.5, salt);
    double beside = Curves.step(0.95, 1.3, side);
    return Curves.mix(line, sideLength(shape) + 0.02, beside) + jag;
  }
}
