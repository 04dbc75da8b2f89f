package io.facet.models.face.synthetic;

import io.facet.models.face.Pixels;

/** The camera: blur, exposure, white balance, contrast, noise, 8 bits. */
final class Sensor {
  private Sensor() {}

  static Pixels expose(Canvas canvas, SyntheticOptions options, Dice dice) {
    double degradation = options.degradation();
    double colour = options.colour();
    double sigma =
        0.5 + degradation * (dice.chance(0.3) ? dice.between(0.3, 1.4) : dice.between(0, 0.4));
    double exposure = 1 + Math.min(1, colour) * dice.between(-0.35, 0.3);
    double gamma = 1 + Math.min(1, colour) * dice.between(-0.25, 0.35);
    double warm = dice.normal(0, 0.09 * colour);
    double tint = dice.normal(0, 0.05 * colour);
    double saturation =
        1 + Math.min(1, colour) * (dice.chance(0.12) ? -1 : dice.between(-0.4, 0.3));
    double noise = 0.004 + degradation * dice.between(0, 0.035);
    double[] gain = {1 + warm, 1 + tint, 1 - warm};
    int size = canvas.size;
    float[] scratch = new float[size * size];
    float[] kernel = kernel(sigma);
    for (float[] plane : canvas.rgb) {
      blur(plane, scratch, size, kernel);
    }
    byte[] bgr = new byte[size * size * 3];
    long state = dice.bits();
    double[] tone = toneCurve(gamma);
    for (int at = 0; at < size * size; at++) {
      double grey = 0.3 * canvas.rgb[0][at] + 0.59 * canvas.rgb[1][at] + 0.11 * canvas.rgb[2][at];
      for (int c = 0; c < 3; c++) {
        double value = (grey + (canvas.rgb[c][at] - grey) * saturation) * exposure * gain[c];
        state = state * 6364136223846793005L + 1442695040888963407L;
        int bits = (int) (state >>> 33);
        double grain =
            ((bits & 0xff) + ((bits >> 8) & 0xff) + ((bits >> 16) & 0xff) - 382.5) / 127.8;
        double shown = tone[(int) (Curves.clamp(value) * 1023 + 0.5)] + noise * grain;
        bgr[3 * at + 2 - c] = (byte) (int) (Curves.clamp(shown) * 255 + 0.5);
      }
    }
    return new Pixels(size, size, bgr);
  }

  private static double[] toneCurve(double gamma) {
    double[] table = new double[1024];
    for (int i = 0; i < table.length; i++) {
      table[i] = StrictMath.pow(i / 1023.0, gamma);
    }
    return table;
  }

  private static float[] kernel(double sigma) {
    int radius = (int) Math.ceil(2.5 * sigma);
    float[] kernel = new float[2 * radius + 1];
    float sum = 0;
    for (int i = -radius; i <= radius; i++) {
      kernel[i + radius] = (float) StrictMath.exp(-i * i / (2 * sigma * sigma));
      sum += kernel[i + radius];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return kernel;
  }

  private static void blur(float[] plane, float[] scratch, int size, float[] kernel) {
    int radius = kernel.length / 2;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        float sum = 0;
        for (int k = -radius; k <= radius; k++) {
          int from = Math.min(size - 1, Math.max(0, x + k));
          sum += kernel[k + radius] * plane[y * size + from];
        }
        scratch[y * size + x] = sum;
      }
    }
    java.util.Arrays.fill(plane, 0);
    for (int y = 0; y < size; y++) {
      for (int k = -radius; k <= radius; k++) {
        int from = Math.min(size - 1, Math.max(0, y + k)) * size;
        float weight = kernel[k + radius];
        for (int x = 0; x < size; x++) {
          plane[y * size + x] += weight * scratch[from + x];
        }
      }
    }
  }
}
