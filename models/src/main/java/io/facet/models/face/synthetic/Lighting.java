package io.facet.models.face.synthetic;

/** Colours the visible skin and hair: paint, diffuse and glossy light, a cast shadow. */
final class Lighting {
  private Lighting() {}

  static void apply(Canvas canvas, FaceShape shape, Scene scene, Dice dice, double shadows) {
    FacePainter painter = new FacePainter(shape, scene);
    double[] light = scene.light();
    boolean cast = dice.chance(0.25 * Math.min(1, shadows));
    double angle = dice.between(0, 2 * StrictMath.PI);
    double edgeX = StrictMath.cos(angle);
    double edgeY = StrictMath.sin(angle);
    double edgeAt = dice.between(-0.3, 0.5) * scene.scale();
    double depth = cast ? dice.between(0.25, 0.65) : 0;
    double halfX = light[0];
    double halfY = light[1];
    double halfZ = light[2] + 1;
    double norm = Math.sqrt(halfX * halfX + halfY * halfY + halfZ * halfZ);
    double[] paint = new double[3];
    int size = canvas.size;
    for (int at = 0; at < canvas.part.length; at++) {
      if (canvas.part[at] == Canvas.NOTHING) {
        continue;
      }
      boolean skin = canvas.part[at] == Canvas.SKIN;
      if (skin) {
        painter.paint(canvas.u[at], canvas.v[at], canvas.w[at], paint);
      } else {
        hair(canvas.u[at], canvas.v[at], scene, paint);
      }
      double nx = canvas.nx[at];
      double ny = canvas.ny[at];
      double nz = canvas.nz[at];
      double diffuse = (nx * light[0] + ny * light[1] + nz * light[2] + 0.15) / 1.15;
      double brightness = scene.ambient() * (0.85 - 0.15 * ny) + scene.key() * Math.max(0, diffuse);
      if (cast) {
        double side =
            (at % size - scene.centreX()) * edgeX + (at / size - scene.centreY()) * edgeY - edgeAt;
        brightness *= 1 - depth * Curves.step(-4, 4, side);
      }
      double gloss = Math.max(0, (nx * halfX + ny * halfY + nz * halfZ) / norm);
      gloss *= gloss;
      gloss *= gloss;
      gloss *= gloss;
      gloss *= gloss * (skin ? scene.gloss() : 0.12) * scene.key();
      for (int c = 0; c < 3; c++) {
        canvas.rgb[c][at] = (float) ((paint[c] * brightness + gloss) * scene.lightColour()[c]);
      }
    }
  }

  private static void hair(double longitude, double height, Scene scene, double[] out) {
    double strands = 1 + 0.3 * Curves.noise(longitude * 26, height * 3, scene.salt() + 21);
    for (int c = 0; c < 3; c++) {
      out[c] = scene.hair()[c] * strands;
    }
  }
}
