/** From a figure back to its images, and from an image to all that it touched. */
package io.facet.pipelines.trace;
