package io.facet.models.format;

import java.util.Map;

/**
 * What a weights file holds.
 *
 * @param tensors by name, in the order of the names
 * @param metadata free texts by key; empty if the format has none
 */
public record TensorFile(Map<String, FloatTensor> tensors, Map<String, String> metadata) {}
