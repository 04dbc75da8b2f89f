/** The plan of a run: stage instances, fingerprints, and what executes them in order. */
package io.facet.pipelines.plan;
