/** Checkpoints of a training, and when they are saved. */
package io.facet.models.train.checkpoint;
