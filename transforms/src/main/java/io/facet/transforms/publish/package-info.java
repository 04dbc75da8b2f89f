/** Turning a trained network into files for phones and servers. */
package io.facet.transforms.publish;
