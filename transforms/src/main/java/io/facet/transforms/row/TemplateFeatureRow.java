package io.facet.transforms.row;

import java.io.Serializable;

/**
 * Table {@code template-features}: one model's feature of one template.
 *
 * @param model name of the model in the run
 * @param set name of the verification set
 * @param template the template
 * @param faces it was made of
 * @param values of length 1, {@code (d)}
 */
@SuppressWarnings("ArrayRecordComponent")
public record TemplateFeatureRow(String model, String set, int template, int faces, float[] values)
    implements Serializable {}
