package io.facet.models.face.synthetic;

/**
 * The unlit colour of the skin side: skin, brows, eyes, nostrils, mouth, facial hair, at a place on
 * the face. Edges are softened over about a pixel.
 */
final class FacePainter {
  private final FaceShape shape;
  private final Scene scene;
  private final double edge;
  private final double tip;
  private final double mouthHalf;
  private final double cornerLift;
  private final double gap;
  private final double[] beardColour = new double[3];

  FacePainter(FaceShape shape, Scene scene) {
    this.shape = shape;
    this.scene = scene;
    this.edge = 0.55 / scene.scale();
    this.tip = HeadSurface.noseTip(shape);
    this.mouthHalf = mouthHalf(shape, scene);
    this.cornerLift = cornerLift(shape, scene);
    this.gap = Math.max(0.13 * scene.mouthOpen(), 0.05 * Math.max(0, scene.smile() - 0.45));
    for (int c = 0; c < 3; c++) {
      beardColour[c] = Curves.mix(scene.skin()[c], scene.hair()[c], 0.8);
    }
  }

  /** Half width of the mouth with the scene's expression. */
  static double mouthHalf(FaceShape shape, Scene scene) {
    return shape.mouthWidth() * (1 + 0.2 * scene.smile()) * (1 - 0.08 * scene.mouthOpen());
  }

  /** How far below the mouth's middle its corners lie. */
  static double cornerLift(FaceShape shape, Scene scene) {
    return shape.mouthCurve() - 0.06 * scene.smile();
  }

  /** Colour at (x, y) into {@code out}, R G B in 0..1. */
  void paint(double x, double y, double sine, double[] out) {
    skin(x, y, out);
    if (Math.abs(sine) > 0.985) {
      return;
    }
    facialHair(x, y, out);
    nostrils(x, y, out);
    mouth(x, y, out);
    brow(x, y, out);
    eye(x, y, out);
  }

  private void skin(double x, double y, double[] out) {
    double side = Math.abs(x);
    double blush =
        scene.blush()
            * Curves.bump(
                HeadSurface.square((side - 0.4) / 0.25) + HeadSurface.square((y - 0.3) / 0.22));
    double mottled = 0.025 * Curves.noise(x * 7, y * 7, scene.salt());
    double shade = 1 + mottled;
    double foldX = Curves.mix(shape.noseWidth() * 1.35, mouthHalf * 1.3, (y - tip) / 0.32);
    if (y > tip - 0.03 && y < tip + 0.34) {
      double strength = Math.max(0, shape.folds()) * (0.12 + 0.1 * Math.max(0, scene.smile()));
      shade -= strength * Curves.bump(HeadSurface.square((side - foldX) / 0.035));
    }
    double bagY = shape.eyeLevel() + shape.eyeHeight() * 0.7 + 0.05;
    shade -=
        0.16
            * Math.max(0, shape.eyeBags())
            * Curves.bump(
                HeadSurface.square((side - shape.eyeDistance()) / 0.13)
                    + HeadSurface.square((y - bagY) / 0.035));
    if (shape.freckles() > 0) {
      double spots = Curves.noise(x * 24 + 31, y * 24, 77);
      double where = Curves.bump(HeadSurface.square(x / 0.6) + HeadSurface.square((y - 0.2) / 0.3));
      shade -= 0.3 * shape.freckles() * where * Curves.step(0.25, 0.5, spots);
    }
    out[0] = scene.skin()[0] * shade * (1 + 0.04 * blush);
    out[1] = scene.skin()[1] * shade * (1 - 0.14 * blush);
    out[2] = scene.skin()[2] * shade * (1 - 0.10 * blush);
    for (FaceShape.Mole mole : shape.moles()) {
      double d = Math.sqrt(HeadSurface.square(x - mole.x()) + HeadSurface.square(y - mole.y()));
      double cover = 1 - Curves.step(mole.radius() - edge, mole.radius() + edge, d);
      if (cover > 0) {
        blend(out, 0.25 * out[0], 0.2 * out[1], 0.2 * out[2], 0.85 * cover);
      }
    }
  }

  private void facialHair(double x, double y, double[] out) {
    double side = Math.abs(x);
    double cover = 0;
    if (shape.moustache() > 0 && y > tip + 0.07 && y < shape.mouthLevel() + 0.05) {
      double inside = Curves.step(tip + 0.07, tip + 0.13, y);
      cover = shape.moustache() * inside * (1 - Curves.step(mouthHalf, mouthHalf * 1.25, side));
    }
    if (shape.beard() > 0) {
      double frame = Curves.step(0.46, 0.58, side + 0.35 * Curves.step(0.35, 0.75, y));
      double low = Curves.step(shape.mouthLevel() + 0.05, shape.mouthLevel() + 0.16, y);
      double where = Math.max(frame, low) * Curves.step(0.1, 0.32, y);
      cover = Math.max(cover, shape.beard() * where);
    }
    if (shape.goatee() > 0) {
      double where =
          Curves.bump(
              HeadSurface.square(x / 0.26)
                  + HeadSurface.square((y - shape.mouthLevel() - 0.27) / 0.2));
      cover = Math.max(cover, shape.goatee() * Curves.step(0.1, 0.4, where));
    }
    if (cover > 0) {
      double strands = 0.75 + 0.35 * Curves.noise(x * 45, y * 22, scene.salt() + 5);
      double share = Curves.clamp(cover * strands * scene.shave());
      blend(out, beardColour[0], beardColour[1], beardColour[2], share);
    }
  }

  private void nostrils(double x, double y, double[] out) {
    double dx = (Math.abs(x) - shape.noseWidth() * 0.48) / 0.042;
    double dy = (y - tip - 0.062) / 0.022;
    double hole =
        Curves.clamp(shape.nostrils()) * Curves.step(0.1, 0.6, Curves.bump(dx * dx + dy * dy));
    double under =
        0.22
            * Curves.bump(
                HeadSurface.square(x / (shape.noseWidth() * 1.2))
                    + HeadSurface.square((y - tip - 0.1) / 0.05));
    double wing =
        0.2
            * Curves.bump(
                HeadSurface.square((Math.abs(x) - shape.noseWidth() * 1.02) / 0.025)
                    + HeadSurface.square((y - tip - 0.02) / 0.07));
    darken(out, Math.max(0.8 * hole, Math.max(under, wing)));
  }

  private void mouth(double x, double y, double[] out) {
    double q = x / mouthHalf;
    double q2 = q * q;
    if (q2 > 1.1 || Math.abs(y - shape.mouthLevel()) > 0.32) {
      return;
    }
    double arc = Math.max(0, 1 - q2);
    double line = shape.mouthLevel() + cornerLift * q2;
    double bow =
        1 - 0.45 * Math.max(0, shape.cupidBow()) * Curves.bump(HeadSurface.square(q / 0.3));
    double top = line - Math.max(0.012, shape.upperLip()) * Math.sqrt(arc) * bow;
    double open = gap * arc;
    double low =
        line + open + Math.max(0.015, shape.lowerLip()) * (0.35 * Math.sqrt(arc) + 0.65 * arc);
    double[] lips = scene.lips();
    double made = scene.makeUp();
    double inside = Math.min(y - top, low - y);
    double cover = Curves.step(-edge, edge, inside) * Curves.step(1.06, 0.96, q2);
    double lipShade = y < line ? 0.9 : 1.03;
    blend(
        out,
        Curves.mix(lips[0], 0.7, 0.6 * made) * lipShade,
        Curves.mix(lips[1], 0.1, 0.6 * made) * lipShade,
        Curves.mix(lips[2], 0.16, 0.6 * made) * lipShade,
        cover);
    double parted = Math.min(y - line, line + open - y);
    double hole = open > 0.004 ? Curves.step(-edge, edge, parted) : 0;
    blend(out, 0.16, 0.05, 0.05, hole);
    double teeth = Math.min(0.05, open * 0.7);
    if (open > 0.012 && y < line + teeth && q2 < 0.7) {
      blend(out, 0.88, 0.86, 0.8, hole * Curves.step(line + teeth, line + teeth - 2 * edge, y));
    }
    darken(
        out, 0.5 * Curves.bump(HeadSurface.square((y - line) / 0.014)) * Curves.step(1.1, 0.9, q2));
    darken(out, 0.12 * Curves.bump(HeadSurface.square((y - low - 0.035) / 0.04) + 2 * q2));
  }

  private void brow(double x, double y, double[] out) {
    double side = Math.abs(x);
    double inner = shape.eyeDistance() - 0.8 * shape.browLength() + shape.browGap();
    double s = (side - inner) / (1.75 * shape.browLength());
    if (s < -0.1 || s > 1.1) {
      return;
    }
    double bend = 1 - HeadSurface.square((s - 0.62) / 0.62);
    double middle =
        shape.eyeLevel()
            - shape.browHeight()
            - 0.05 * scene.browRaise()
            - shape.browArch() * bend
            - shape.browSlope() * (s - 0.5) * 0.3;
    double half = Math.max(0.01, shape.browThickness()) * (1 - 0.55 * Curves.clamp(s));
    double across = Math.abs(y - middle);
    double ends = Curves.step(-0.06, 0.05, s) * Curves.step(1.06, 0.85, s);
    double cover = (1 - Curves.step(half - 2 * edge, half + edge, across)) * ends;
    if (cover > 0) {
      double strands = 0.85 + 0.3 * Curves.noise(side * 40 + y * 30, y * 12, scene.salt() + 9);
      double share = Curves.clamp(cover * strands * Math.max(0.25, shape.browDensity()));
      double[] hair = scene.hair();
      blend(out, hair[0] * 0.75, hair[1] * 0.75, hair[2] * 0.75, share);
    }
  }

  private void eye(double x, double y, double[] out) {
    double direction = x < 0 ? -1 : 1;
    double dx = Math.abs(x) - shape.eyeDistance();
    double q = dx / shape.eyeWidth();
    if (Math.abs(q) > 1.3) {
      return;
    }
    double ly = y - shape.eyeLevel() + shape.eyeTilt() * dx;
    double arc = Math.max(0, 1 - q * q);
    double height = Math.max(0.02, shape.eyeHeight());
    double upper = -height * scene.eyeOpen() * Math.sqrt(arc) * (0.75 + 0.25 * arc);
    double lower = 0.62 * height * Math.min(1.1, 0.4 + 0.6 * scene.eyeOpen()) * arc;
    double socket = 0.13 * Curves.bump(HeadSurface.square(q / 1.3) + HeadSurface.square(ly / 0.13));
    darken(out, socket);
    double crease = upper - 0.022 - 0.03 * Math.max(0, shape.lidCrease());
    darken(
        out,
        0.35
            * Curves.clamp(0.2 + shape.lidCrease())
            * Curves.bump(HeadSurface.square((ly - crease) / 0.014))
            * arc);
    double inside =
        Curves.step(-edge, edge, Math.min(ly - upper, lower - ly)) * Curves.step(0, 0.02, arc);
    if (inside > 0) {
      double shadow = 1 - 0.35 * Curves.step(0.03, 0, ly - upper);
      blend(out, 0.88 * shadow, 0.86 * shadow, 0.85 * shadow, inside);
      double gx = direction * dx - 0.06 * scene.gazeX();
      double gy = ly + 0.1 * height - 0.05 * scene.gazeY();
      double distance = Math.sqrt(gx * gx + gy * gy);
      double radius = shape.iris();
      double irisCover = inside * (1 - Curves.step(radius - edge, radius + edge, distance));
      double[] iris = scene.iris();
      double rim = 1 - 0.45 * Curves.step(0.7, 1, distance / radius);
      blend(out, iris[0] * rim * shadow, iris[1] * rim * shadow, iris[2] * rim * shadow, irisCover);
      double pupil =
          inside * (1 - Curves.step(0.42 * radius - edge, 0.42 * radius + edge, distance));
      blend(out, 0.03, 0.03, 0.03, pupil);
      double glintX = gx - 0.35 * radius * scene.light()[0];
      double glintY = gy + 0.5 * radius;
      double glint = Curves.bump((glintX * glintX + glintY * glintY) / (0.12 * radius * radius));
      blend(out, 1, 1, 1, 0.8 * glint * inside);
    }
    double lash = Curves.bump(HeadSurface.square((ly - upper) / (0.018 + 0.012 * scene.makeUp())));
    darken(out, (0.6 + 0.3 * scene.makeUp()) * lash * Curves.step(1.05, 0.9, Math.abs(q)));
    double below = Curves.bump(HeadSurface.square((ly - lower) / 0.012));
    darken(out, 0.25 * below * Curves.step(1.0, 0.85, Math.abs(q)));
  }

  private static void blend(double[] out, double r, double g, double b, double share) {
    if (share > 0) {
      out[0] += (r - out[0]) * share;
      out[1] += (g - out[1]) * share;
      out[2] += (b - out[2]) * share;
    }
  }

  private static void darken(double[] out, double share) {
    if (share > 0) {
      double left = 1 - share;
      out[0] *= left;
      out[1] *= left;
      out[2] *= left;
    }
  }
}
