package io.facet.transforms.row;

import io.facet.models.train.HistoryPoint;
import java.io.Serializable;

/**
 * Table {@code history}: one number of a training history.
 *
 * @param step optimiser steps done, from 1
 * @param epoch epochs begun, from 1
 * @param name such as {@code loss/total}
 * @param value the number, never NaN
 */
public record HistoryRow(long step, int epoch, String name, double value) implements Serializable {
  /** The row of one point. */
  public static HistoryRow of(HistoryPoint point) {
    return new HistoryRow(point.step(), point.epoch(), point.name(), point.value());
  }
}
