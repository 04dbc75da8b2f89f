package io.facet.models.distill;

import io.facet.models.option.Selected;
import java.util.Optional;

/**
 * One of the methods that train a student together.
 *
 * @param method with its options
 * @param teacher name of the teacher it learns from; empty: the teacher of the whole
 */
public record MethodPart(Selected<DistillationMethod<?>> method, Optional<String> teacher) {}
