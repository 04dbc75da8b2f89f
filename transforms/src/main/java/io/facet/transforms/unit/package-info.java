/** Long computations in one element of a pipeline. */
package io.facet.transforms.unit;
