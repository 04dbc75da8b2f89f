package io.facet.models.face.synthetic;

/**
 * The skin of one identity with one expression as a surface: skull profile plus relief of nose,
 * sockets, lips and chin. Face axes: x right, y down, z towards the viewer.
 */
final class HeadSurface {
  private static final double MIDDLE = -0.05;
  private static final double ROUND = 2.6;

  private final FaceShape shape;
  private final double smile;
  private final double jawDrop;

  HeadSurface(FaceShape shape, Scene scene) {
    this.shape = shape;
    this.smile = scene.smile();
    this.jawDrop = 0.09 * scene.mouthOpen();
  }

  /** Height of the nose tip. */
  static double noseTip(FaceShape shape) {
    return shape.eyeLevel() + shape.noseLength();
  }

  /** Half width of the head at a height. */
  double halfWidth(double y) {
    double t = along(y);
    if (t >= 1) {
      return 0;
    }
    if (y < MIDDLE) {
      return shape.width() * StrictMath.pow(1 - StrictMath.pow(t, 2.4), 1 / 2.4);
    }
    double p = shape.jawSquareness();
    double round = StrictMath.pow(1 - StrictMath.pow(t, p), 1 / p);
    double cheek = shape.cheekbones() * Curves.bump(square((y - 0.14) / 0.3));
    return shape.width() * round * (1 - shape.jawTaper() * Curves.step(0.1, 0.95, t)) + cheek;
  }

  /** Depth of the skull's front at a height. */
  double depth(double y) {
    double t = along(y);
    if (t >= 1) {
      return 0;
    }
    if (y < MIDDLE) {
      return 0.8 * StrictMath.pow(1 - StrictMath.pow(t, 2.6), 1 / 2.6);
    }
    return 0.8 * (1 - 0.12 * t * t) * StrictMath.sqrt(1 - StrictMath.pow(t, 7));
  }

  /** 0 at the middle of the head, 1 at crown and chin. */
  private double along(double y) {
    return y < MIDDLE
        ? (MIDDLE - y) / (MIDDLE + shape.crown())
        : (y - MIDDLE) / (shape.chin() - MIDDLE);
  }

  /** Share of the depth left at a sine of the longitude. */
  static double roundness(double sine) {
    double s = Math.min(1, Math.abs(sine));
    return StrictMath.pow(1 - StrictMath.pow(s, ROUND), 1 / ROUND);
  }

  /** z of the surface above a point of the front. */
  double frontZ(double x, double y) {
    double half = Math.max(1e-6, halfWidth(y));
    return depth(y) * roundness(x / half) + relief(x, y);
  }

  /** Where the opened jaw carries a height. */
  double lowered(double y) {
    return jawDrop == 0 ? y : y + jawDrop * Curves.step(shape.mouthLevel() - 0.02, 0.95, y);
  }

  /** What nose, sockets, lips and chin add to the skull. */
  double relief(double x, double y) {
    double side = Math.abs(x);
    double ex = shape.eyeDistance();
    double eyes = shape.eyeLevel();
    double sum = nose(side, y);
    sum -= 0.085 * blob(side - ex, y - eyes + 0.01, 0.21, 0.15);
    sum += 0.045 * blob(side - ex, y - eyes, 0.13, 0.085);
    sum += 0.04 * blob(side - ex * 0.85, y - eyes + shape.browHeight() * 0.9, 0.3, 0.11);
    sum += 0.06 * blob(x, y - shape.mouthLevel(), shape.mouthWidth() * 1.15, 0.15);
    double chinY = shape.chin() - 0.16;
    sum += 0.07 * blob(x, y - chinY, 0.22, 0.17);
    sum -= 0.04 * Math.max(0, shape.chinDimple()) * blob(x, y - chinY, 0.04, 0.09);
    sum += (0.035 + 0.03 * smile) * blob(side - 0.4, y - 0.26, 0.26, 0.22);
    return sum;
  }

  private double nose(double side, double y) {
    double tip = noseTip(shape);
    double root = shape.eyeLevel() - 0.03;
    double s = (y - root) / (tip - root);
    double profile;
    if (s < 0) {
      profile = 0.18 * (1 - Curves.step(0, 0.14, root - y));
    } else if (s <= 1) {
      profile = 0.18 + 0.82 * (0.5 * s + 0.5 * s * s);
    } else {
      profile = 1 - Curves.step(0, 0.11, y - tip);
    }
    if (profile <= 0) {
      return 0;
    }
    double share = Curves.clamp(s);
    double width = Curves.mix(shape.noseRidge() * 1.7, shape.noseWidth() * 1.1, share * share);
    double wing = 0.05 * blob(side - shape.noseWidth() * 0.75, y - tip - 0.01, 0.06, 0.075);
    return shape.noseProjection() * profile * Curves.bump(square(side / width)) + wing;
  }

  private static double blob(double dx, double dy, double rx, double ry) {
    double qx = dx / rx;
    double qy = dy / ry;
    return Curves.bump(qx * qx + qy * qy);
  }

  static double square(double value) {
    return value * value;
  }
}
