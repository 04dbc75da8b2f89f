package io.facet.pipelines.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Images of a verification set that cannot be used, by reason, and the pairs that go with them. */
final class LeftOut {
  private static final int SHOWN = 3;

  private final Map<String, List<String>> images = new TreeMap<>();
  private long pairs;

  /** An image that is needed and cannot be used. */
  void image(String name, String reason, String detail) {
    images.computeIfAbsent(reason, r -> new ArrayList<>()).add(name + ": " + detail);
  }

  /** A pair without one of its images. */
  void pair() {
    pairs++;
  }

  /** So many pairs without one of their sides. */
  void pairs(long count) {
    pairs += count;
  }

  /** Whether any image was left out; pairs of templates may be whole nevertheless. */
  boolean hasImages() {
    return !images.isEmpty();
  }

  boolean isEmpty() {
    return pairs == 0;
  }

  /** Whether an image was left out for this reason. */
  boolean has(String reason) {
    return images.containsKey(reason);
  }

  /** {@code 2 of 600 pairs left out; 1 image missing-file (...)}. */
  String text(int all) {
    return "%d of %d pairs left out; %s".formatted(pairs, all, reasons());
  }

  /** {@code 1 image missing-file (a/1.jpg: the file is not there), 7 images no-face (...)}. */
  String reasons() {
    return images.entrySet().stream()
        .map(entry -> reason(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String reason(String reason, List<String> names) {
    return "%d %s %s (%s%s)"
        .formatted(
            names.size(),
            names.size() == 1 ? "image" : "images",
            reason,
            String.join("; ", names.subList(0, Math.min(SHOWN, names.size()))),
            names.size() > SHOWN ? "; ..." : "");
  }
}
