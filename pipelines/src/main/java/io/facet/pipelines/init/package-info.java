/** A first recipe for a folder of images: what is in it, whom to hold out, and the text. */
package io.facet.pipelines.init;
