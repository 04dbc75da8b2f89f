/** The {@code facet} command line. */
package io.facet.pipelines.cli;
