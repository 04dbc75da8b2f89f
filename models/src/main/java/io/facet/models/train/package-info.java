/** The training engine: samples, batches, teacher outputs, steps, checkpoints. */
package io.facet.models.train;
