package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code timings}: one measured duration or rate; outside every digest.
 *
 * @param stage that measured it
 * @param name with its unit, such as {@code detect_milliseconds}
 * @param value the measurement
 */
public record TimingRow(String stage, String name, double value) implements Serializable {}
