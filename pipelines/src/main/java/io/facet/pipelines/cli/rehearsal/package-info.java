/** Nights played on drawn faces, with planted events. */
package io.facet.pipelines.cli.rehearsal;
