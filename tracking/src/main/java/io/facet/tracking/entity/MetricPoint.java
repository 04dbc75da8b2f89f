package io.facet.tracking.entity;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One value of one metric.
 *
 * @param key name, such as {@code train/loss}
 * @param value the value; not-a-number is kept, MLflow turns infinities into its largest doubles
 * @param timestamp milliseconds since 1970, fixed here so that a repeated delivery adds nothing
 * @param step training step, or 0
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"key", "value", "timestamp", "step"})
public record MetricPoint(String key, double value, long timestamp, long step) {}
