/** Champions and candidates of a store, and the gate between them. */
package io.facet.pipelines.champion;
