package io.facet.models.face;

import java.util.Locale;

/** Where the five landmarks lie in an aligned crop; the points are those of InsightFace. */
public enum FaceTemplate {
  /** 112x112 pixels. */
  ARCFACE_112(112, 0),
  /** 96x112 pixels: the middle columns of the other one. */
  ARCFACE_96X112(96, 8);

  private static final float[] POINTS = {
    38.2946f, 51.6963f, 73.5318f, 51.5014f, 56.0252f, 71.7366f, 41.5493f, 92.3655f, 70.7299f,
    92.2041f
  };

  private final int width;
  private final int left;

  FaceTemplate(int width, int left) {
    this.width = width;
    this.left = left;
  }

  /** As recipes and model files write it: {@code arcface-112}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Width of the crop in pixels. */
  public int width() {
    return width;
  }

  /** Height of the crop in pixels. */
  public int height() {
    return 112;
  }

  /** Five points in pixels of the crop, 10 floats, a fresh copy; see {@link FaceLandmarks}. */
  public float[] points() {
    float[] points = POINTS.clone();
    for (int i = 0; i < points.length; i += 2) {
      points[i] -= left;
    }
    return points;
  }
}
