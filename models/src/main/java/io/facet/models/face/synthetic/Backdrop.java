package io.facet.models.face.synthetic;

/** What is behind the head: wall, shapes, neck and clothes. */
final class Backdrop {
  private Backdrop() {}

  static void paint(Canvas canvas, FaceShape shape, Scene scene, Dice dice) {
    double[] first = colour(dice);
    double[] second = colour(dice);
    double directionX = dice.between(-1, 1);
    double directionY = dice.between(-1, 1);
    int shapes = dice.below(5);
    double[][] boxes = new double[shapes][];
    double[][] paints = new double[shapes][];
    for (int i = 0; i < shapes; i++) {
      double width = dice.between(0.05, 0.3);
      double height = dice.between(0.05, 0.5);
      boxes[i] = new double[] {dice.between(0, 1), dice.between(0, 1), width, height};
      paints[i] = colour(dice);
    }
    double roughness = dice.between(0, 0.12);
    int size = canvas.size;
    double[] neck = new double[3];
    scene.project(0, shape.chin() - 0.1, -0.15, neck);
    double neckHalf = scene.scale() * shape.width() * 0.62;
    double neckEnd = neck[1] + scene.scale() * 0.42;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double px = (double) x / size;
        double py = (double) y / size;
        double share = Curves.clamp(0.5 + (px - 0.5) * directionX + (py - 0.5) * directionY);
        double rough = 1 + roughness * Curves.noise(px * 14, py * 14, scene.salt() + 3);
        int at = y * size + x;
        for (int c = 0; c < 3; c++) {
          canvas.rgb[c][at] = (float) (Curves.mix(first[c], second[c], share) * rough);
        }
        for (int i = 0; i < shapes; i++) {
          if (Math.abs(px - boxes[i][0]) < boxes[i][2]
              && Math.abs(py - boxes[i][1]) < boxes[i][3]) {
            set(canvas, at, paints[i], rough);
          }
        }
        double across = (x - neck[0]) / neckHalf;
        if (Math.abs(across) < 1 && y > neck[1] - 0.3 * scene.scale()) {
          double normalZ = Math.sqrt(1 - across * across);
          double lit =
              scene.ambient() * 0.6
                  + scene.key()
                      * 0.55
                      * Math.max(0, across * scene.light()[0] + normalZ * scene.light()[2]);
          set(canvas, at, scene.skin(), lit);
        }
        double shoulder =
            neckEnd
                + 0.3 * scene.scale() * HeadSurface.square((x - neck[0]) / (1.5 * neckHalf))
                - 0.16 * scene.scale();
        if (y > shoulder + 0.12 * scene.scale() * Curves.bump(across * across)) {
          set(canvas, at, scene.cloth(), 0.75 * rough);
        }
      }
    }
  }

  private static double[] colour(Dice dice) {
    double brightness = dice.between(0.08, 0.95);
    double[] colour = new double[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = Curves.clamp(brightness + dice.normal(0, 0.12));
    }
    return colour;
  }

  private static void set(Canvas canvas, int at, double[] colour, double factor) {
    for (int c = 0; c < 3; c++) {
      canvas.rgb[c][at] = (float) (colour[c] * factor);
    }
  }
}
