/** Optimisers as fused in-place updates, with weight-decay groups and a clip by global norm. */
package io.facet.models.train.optimiser;
