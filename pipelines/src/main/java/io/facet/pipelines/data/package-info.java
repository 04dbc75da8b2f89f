/** A look at the data of a recipe before it trains: counts, duplicates, doubtful labels. */
package io.facet.pipelines.data;
