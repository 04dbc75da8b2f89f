/** Recipes: reading, checking and resolving what the user wants. */
package io.facet.pipelines.recipe;
