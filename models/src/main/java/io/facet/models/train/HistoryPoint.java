package io.facet.models.train;

import java.io.Serializable;

/**
 * One number of a training history.
 *
 * @param step optimiser steps done, from 1
 * @param epoch epochs begun, from 1
 * @param name such as {@code loss/total}, {@code loss/identity}, {@code lr}, {@code
 *     images_per_second}
 * @param value the number; never NaN (a non-finite loss stops training)
 */
public record HistoryPoint(long step, int epoch, String name, double value)
    implements Serializable {}
