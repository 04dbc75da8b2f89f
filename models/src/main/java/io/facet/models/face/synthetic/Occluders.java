package io.facet.models.face.synthetic;

/** Things in front of the face: dark glasses, a strand of hair, a hand, a bar of scenery. */
final class Occluders {
  private Occluders() {}

  static void apply(Canvas canvas, Scene scene, float[] landmarks, Dice dice) {
    switch (dice.below(4)) {
      case 0 -> glasses(canvas, scene, landmarks, dice);
      case 1 -> strand(canvas, scene, landmarks, dice);
      case 2 -> hand(canvas, scene, dice);
      default -> bar(canvas, scene, dice);
    }
  }

  private static void glasses(Canvas canvas, Scene scene, float[] points, Dice dice) {
    double dx = points[2] - points[0];
    double dy = points[3] - points[1];
    double half = Math.sqrt(dx * dx + dy * dy) / 2;
    double grey = dice.between(0.02, 0.2);
    double cover = dice.between(0.75, 1);
    double[] tint = {grey, grey * dice.between(0.8, 1.1), grey * dice.between(0.8, 1.2)};
    double rx = half * dice.between(0.62, 0.8);
    double ry = half * dice.between(0.42, 0.62);
    double drop = half * dice.between(0, 0.15);
    double cos = dx / (2 * half);
    double sin = dy / (2 * half);
    each(
        canvas,
        (x, y) -> {
          double lens = 0;
          for (int eye = 0; eye < 2; eye++) {
            double ax = x - points[2 * eye] + sin * drop;
            double ay = y - points[2 * eye + 1] - cos * drop;
            double u = (ax * cos + ay * sin) / rx;
            double v = (ay * cos - ax * sin) / ry;
            double d = u * u * u * u + v * v * v * v;
            lens = Math.max(lens, cover * Curves.step(1.1, 0.9, d));
          }
          double bx = x - (points[0] + points[2]) / 2;
          double by = y - (points[1] + points[3]) / 2;
          double u = bx * cos + by * sin;
          double v = by * cos - bx * sin + half * 0.2;
          boolean bridge = Math.abs(u) < half * 0.5 && Math.abs(v) < half * 0.07;
          return bridge ? Math.max(lens, 0.9) : lens;
        },
        tint);
  }

  private static void strand(Canvas canvas, Scene scene, float[] points, Dice dice) {
    double startX = scene.centreX() + scene.scale() * dice.between(-0.6, 0.6);
    double startY = scene.centreY() - scene.scale() * 0.85;
    double endX = points[0] + (points[2] - points[0]) * dice.between(-0.5, 1.5);
    double endY = scene.centreY() + scene.scale() * dice.between(0, 0.6);
    double bend = scene.scale() * dice.between(-0.35, 0.35);
    double width = scene.scale() * dice.between(0.04, 0.11);
    each(
        canvas,
        (x, y) -> {
          double t = (y - startY) / (endY - startY);
          if (t < 0 || t > 1) {
            return 0;
          }
          double middle = Curves.mix(startX, endX, t) + bend * 4 * t * (1 - t);
          double half = width * (1 - 0.8 * t);
          return 0.95 * Curves.step(half + 0.7, half - 0.7, Math.abs(x - middle));
        },
        scaled(scene.hair(), 0.6 + 0.5 * scene.key()));
  }

  private static void hand(Canvas canvas, Scene scene, Dice dice) {
    double side = dice.chance(0.5) ? -1 : 1;
    double baseX = scene.centreX() + side * scene.scale() * dice.between(0.45, 0.75);
    double baseY = scene.centreY() + scene.scale() * dice.between(0.2, 0.9);
    double angle = dice.between(-0.5, 0.5) - side * 0.4;
    double ux = StrictMath.sin(angle);
    double uy = -StrictMath.cos(angle);
    double radius = scene.scale() * dice.between(0.07, 0.1);
    double length = scene.scale() * dice.between(0.4, 0.7);
    double[] skin = scaled(scene.skin(), scene.ambient() + 0.6 * scene.key());
    for (int finger = 0; finger < 4; finger++) {
      double offset = (finger - 1.5) * 1.95 * radius;
      double fx = baseX - uy * offset;
      double fy = baseY + ux * offset;
      double reach = length * (finger == 0 || finger == 3 ? 0.78 : 1);
      double shade = dice.between(0.9, 1.05);
      each(
          canvas,
          (x, y) -> {
            double along = (x - fx) * ux + (y - fy) * uy;
            double nearest = Math.max(-radius * 6, Math.min(reach, along));
            double ax = x - fx - nearest * ux;
            double ay = y - fy - nearest * uy;
            return Curves.step(radius + 0.7, radius - 0.7, Math.sqrt(ax * ax + ay * ay));
          },
          scaled(skin, shade));
    }
  }

  private static void bar(Canvas canvas, Scene scene, Dice dice) {
    double angle = dice.between(0, StrictMath.PI);
    double nx = StrictMath.cos(angle);
    double ny = StrictMath.sin(angle);
    double at = scene.scale() * dice.between(-0.7, 0.7);
    double half = scene.scale() * dice.between(0.04, 0.14);
    double brightness = dice.between(0.05, 0.9);
    double[] colour = {
      brightness, brightness * dice.between(0.7, 1.2), brightness * dice.between(0.7, 1.2)
    };
    each(
        canvas,
        (x, y) -> {
          double d = (x - scene.centreX()) * nx + (y - scene.centreY()) * ny - at;
          return Curves.step(half + 0.7, half - 0.7, Math.abs(d));
        },
        colour);
  }

  private static double[] scaled(double[] colour, double factor) {
    return new double[] {colour[0] * factor, colour[1] * factor, colour[2] * factor};
  }

  private interface Cover {
    double at(int x, int y);
  }

  private static void each(Canvas canvas, Cover cover, double[] colour) {
    for (int y = 0; y < canvas.size; y++) {
      for (int x = 0; x < canvas.size; x++) {
        double share = cover.at(x, y);
        if (share > 0) {
          int at = y * canvas.size + x;
          for (int c = 0; c < 3; c++) {
            canvas.rgb[c][at] += (float) ((colour[c] - canvas.rgb[c][at]) * share);
          }
        }
      }
    }
  }
}
