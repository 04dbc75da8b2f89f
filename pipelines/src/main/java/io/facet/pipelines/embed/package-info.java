/** Embeddings of photographs outside of recipes, and the files they are written to. */
package io.facet.pipelines.embed;
