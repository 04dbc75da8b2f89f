package io.facet.models.train.data;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;

/**
 * Arrays whose content is no longer needed, for those who need one of the same length. A batch's
 * pixels live just long enough to be taken for old objects, which the collector leaves lying for
 * hundreds of steps.
 */
final class SpareArrays<A> {
  private final Map<Integer, Queue<A>> spare = new ConcurrentHashMap<>();
  private final IntFunction<A> create;

  /** None yet; {@code create} makes one of a length. */
  SpareArrays(IntFunction<A> create) {
    this.create = create;
  }

  /** An array of that length with anything in it. */
  A take(int length) {
    A array = ofLength(length).poll();
    return array == null ? create.apply(length) : array;
  }

  /** The caller reads and writes it no more. */
  void give(A array, int length) {
    ofLength(length).add(array);
  }

  private Queue<A> ofLength(int length) {
    return spare.computeIfAbsent(length, any -> new ConcurrentLinkedQueue<>());
  }
}
