/** Layers, weights and tensor operators on DJL's PyTorch engine. */
package io.facet.models.tensor;
