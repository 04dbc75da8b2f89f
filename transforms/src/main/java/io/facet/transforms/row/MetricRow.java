package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code metrics}: one figure of one model.
 *
 * @param model name of the model in the run
 * @param role {@code teacher}, {@code student} or {@code champion}
 * @param method distillation method, empty for teachers
 * @param seed of the training, 0 if it had none
 * @param set name of the verification set, empty if it belongs to none
 * @param protocol such as {@code lfw-10-fold}
 * @param name such as {@code accuracy}
 * @param value the figure
 * @param low lower end of its interval, NaN without one
 * @param high upper end of its interval, NaN without one
 */
public record MetricRow(
    String model,
    String role,
    String method,
    long seed,
    String set,
    String protocol,
    String name,
    double value,
    double low,
    double high)
    implements Serializable {}
