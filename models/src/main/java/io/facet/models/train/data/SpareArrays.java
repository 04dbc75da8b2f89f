package io.facet.models.train.data;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Arrays whose content is no longer needed, for those who need one of the same length. A batch's
 * pixels live just long enough to be taken for old objects, which the collector leaves lying for
 * hundreds of steps.
 */
final class SpareArrays {
  private final Map<Integer, Queue<float[]>> spare = new ConcurrentHashMap<>();

  /** An array of that length with anything in it. */
  float[] take(int length) {
    float[] array = ofLength(length).poll();
    return array == null ? new float[length] : array;
  }

  /** The caller reads and writes it no more. */
  void give(float[] array) {
    ofLength(array.length).add(array);
  }

  private Queue<float[]> ofLength(int length) {
    return spare.computeIfAbsent(length, any -> new ConcurrentLinkedQueue<>());
  }
}
