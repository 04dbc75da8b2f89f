/** Model artifacts: a network's weights together with all that is needed to use them. */
package io.facet.models.weights;
