package io.facet.models.face.synthetic;

/**
 * Everything about one photograph that says nothing about who is on it: camera, light, colours,
 * expression, disturbances.
 *
 * @param rotation row-major 3x3, face to camera
 * @param scale pixels a face unit
 * @param light unit vector towards the light, camera axes (z towards the viewer)
 * @param lightColour per channel RGB
 * @param ambient strength of light from everywhere
 * @param key strength of the directed light
 */
@SuppressWarnings("ArrayRecordComponent")
record Scene(
    double[] rotation,
    double scale,
    double centreX,
    double centreY,
    double[] light,
    double[] lightColour,
    double ambient,
    double key,
    double[] skin,
    double[] hair,
    double[] iris,
    double[] lips,
    double[] cloth,
    double blush,
    double smile,
    double mouthOpen,
    double browRaise,
    double eyeOpen,
    double gazeX,
    double gazeY,
    double shave,
    double makeUp,
    double gloss,
    int salt) {

  private static final double[][] SKIN_RAMP = {
    {0.96, 0.82, 0.73},
    {0.90, 0.72, 0.60},
    {0.78, 0.58, 0.44},
    {0.58, 0.40, 0.29},
    {0.38, 0.25, 0.18}
  };
  private static final double[][] HAIR = {
    {0.08, 0.06, 0.05},
    {0.22, 0.13, 0.08},
    {0.40, 0.26, 0.14},
    {0.72, 0.55, 0.32},
    {0.50, 0.22, 0.10},
    {0.60, 0.59, 0.58}
  };
  private static final double[][] IRIS = {
    {0.20, 0.11, 0.06}, {0.33, 0.21, 0.10}, {0.30, 0.42, 0.50}, {0.28, 0.38, 0.24}
  };

  static Scene of(Dice dice, SyntheticOptions options) {
    double colour = options.colour();
    double expression = options.expression();
    double size = options.size();
    double yaw = dice.normal(0, 14 * options.pose());
    double pitch = dice.normal(0, 7 * options.pose());
    double roll = dice.normal(0, 7 * options.pose());
    double[] light = {
      dice.normal(0, 0.75 * options.light()), dice.normal(-0.25, 0.4 * options.light()), 1
    };
    double norm = Math.sqrt(light[0] * light[0] + light[1] * light[1] + light[2] * light[2]);
    for (int i = 0; i < 3; i++) {
      light[i] /= norm;
    }
    double warmth = dice.normal(0, 0.1 * colour);
    double tint = dice.normal(0, 0.05 * colour);
    double[] lightColour = {1 + warmth, 1 + tint, 1 - warmth};
    double key = Math.max(0.1, dice.normal(0.62, 0.2 * options.light()));
    double ambient = Math.max(0.15, dice.normal(0.42, 0.1 * options.light()));
    double[] skin = ramp(Curves.clamp(0.35 + (dice.between(0, 1) - 0.35) * Math.min(1, colour)));
    jitter(skin, dice, 0.03 * colour);
    double[] hair = HAIR[colour == 0 ? 1 : dice.below(HAIR.length)].clone();
    jitter(hair, dice, 0.03 * colour);
    double[] iris = IRIS[colour == 0 ? 0 : dice.below(IRIS.length)].clone();
    double[] lips = {
      skin[0] * dice.between(0.82, 0.98),
      skin[1] * dice.between(0.55, 0.8),
      skin[2] * dice.between(0.6, 0.85)
    };
    double[] cloth = {dice.between(0.05, 0.9), dice.between(0.05, 0.9), dice.between(0.05, 0.9)};
    boolean smiling = dice.chance(0.45);
    boolean talking = dice.chance(0.25);
    return new Scene(
        rotation(yaw, pitch, roll),
        size * dice.between(0.31, 0.37),
        size * (0.5 + dice.normal(0, 0.02)),
        size * (0.48 + dice.normal(0, 0.02)),
        light,
        lightColour,
        ambient,
        key,
        skin,
        hair,
        iris,
        lips,
        cloth,
        dice.between(0, 0.6),
        expression * (smiling ? dice.between(0.2, 1) : dice.normal(0, 0.12)),
        talking ? expression * dice.between(0.2, 1) : 0,
        expression * dice.normal(0, 0.35),
        Math.max(0.15, 1 + expression * dice.normal(-0.05, 0.18)),
        dice.normal(0, 0.25),
        dice.normal(0, 0.12),
        dice.between(0.3, 1),
        dice.chance(0.2) ? dice.between(0.2, 0.9) : 0,
        dice.between(0.02, 0.2),
        dice.below(1 << 20));
  }

  private static double[] ramp(double tone) {
    double position = tone * (SKIN_RAMP.length - 1);
    int below = Math.min((int) position, SKIN_RAMP.length - 2);
    double[] colour = new double[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = Curves.mix(SKIN_RAMP[below][c], SKIN_RAMP[below + 1][c], position - below);
    }
    return colour;
  }

  private static void jitter(double[] colour, Dice dice, double deviation) {
    for (int c = 0; c < 3; c++) {
      colour[c] = Math.max(0.02, Math.min(0.98, colour[c] + dice.normal(0, deviation)));
    }
  }

  /** Roll after pitch after yaw, angles in degrees. */
  private static double[] rotation(double yaw, double pitch, double roll) {
    double sy = StrictMath.sin(StrictMath.toRadians(yaw));
    double cy = StrictMath.cos(StrictMath.toRadians(yaw));
    double sp = StrictMath.sin(StrictMath.toRadians(pitch));
    double cp = StrictMath.cos(StrictMath.toRadians(pitch));
    double sr = StrictMath.sin(StrictMath.toRadians(roll));
    double cr = StrictMath.cos(StrictMath.toRadians(roll));
    double[] m = {cy, 0, sy, sp * sy, cp, -sp * cy, -cp * sy, sp, cp * cy};
    double[] out = new double[9];
    for (int i = 0; i < 3; i++) {
      out[i] = cr * m[i] - sr * m[3 + i];
      out[3 + i] = sr * m[i] + cr * m[3 + i];
      out[6 + i] = m[6 + i];
    }
    return out;
  }

  /** Camera axes of a point in face axes: x, y in pixels of the photograph, z in face units. */
  void project(double x, double y, double z, double[] out) {
    double cx = rotation[0] * x + rotation[1] * y + rotation[2] * z;
    double cy = rotation[3] * x + rotation[4] * y + rotation[5] * z;
    double cz = rotation[6] * x + rotation[7] * y + rotation[8] * z;
    double perspective = scale / (1 - 0.12 * (cz - 0.5));
    out[0] = centreX + perspective * cx;
    out[1] = centreY + perspective * cy;
    out[2] = cz;
  }
}
