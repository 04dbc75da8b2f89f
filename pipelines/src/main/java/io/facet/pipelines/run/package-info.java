/** Runs as the store remembers them: what was planned, by which process, and how far it came. */
package io.facet.pipelines.run;
