/** Finding faces in images and warping them to the template, in a pipeline. */
package io.facet.transforms.align;
