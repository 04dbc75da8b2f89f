/** The scored pairs of an evaluation: rates, thresholds, and which pairs were judged worst. */
package io.facet.pipelines.pairs;
