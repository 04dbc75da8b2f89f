package io.facet.models.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps one box of many that lie on the same face. */
final class NonMaximumSuppression {
  private NonMaximumSuppression() {}

  /**
   * Greedy by falling score: a face goes if its box overlaps a kept one by more than the threshold.
   * Boxes are truncated to whole pixels for this, as OpenCV does.
   *
   * @param overlap intersection over union above which the weaker face goes
   * @return the kept faces, best score first
   */
  static List<DetectedFace> keep(List<DetectedFace> faces, double overlap) {
    List<DetectedFace> sorted = new ArrayList<>(faces);
    sorted.sort(Comparator.comparingDouble(DetectedFace::score).reversed());
    List<DetectedFace> kept = new ArrayList<>();
    for (DetectedFace face : sorted) {
      boolean alone = true;
      for (DetectedFace better : kept) {
        if (intersectionOverUnion(face, better) > overlap) {
          alone = false;
          break;
        }
      }
      if (alone) {
        kept.add(face);
      }
    }
    return kept;
  }

  private static double intersectionOverUnion(DetectedFace one, DetectedFace other) {
    long left = Math.max((long) one.x(), (long) other.x());
    long top = Math.max((long) one.y(), (long) other.y());
    long right =
        Math.min((long) one.x() + (long) one.width(), (long) other.x() + (long) other.width());
    long bottom =
        Math.min((long) one.y() + (long) one.height(), (long) other.y() + (long) other.height());
    double common = Math.max(0.0, right - left) * Math.max(0.0, bottom - top);
    double union = area(one) + area(other) - common;
    return union <= 0 ? 0 : common / union;
  }

  private static double area(DetectedFace face) {
    return (double) (long) face.width() * (long) face.height();
  }
}
