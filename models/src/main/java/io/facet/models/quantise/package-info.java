/** Training with fake quantisation, so that a network computes as well in int8. */
package io.facet.models.quantise;
