/** A Flink cluster as seen from its REST interface, and how jobs get there. */
package io.facet.pipelines.flink;
