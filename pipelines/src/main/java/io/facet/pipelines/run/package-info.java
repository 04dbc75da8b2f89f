/**
 * Runs of recipes: what is asked for, what is told, what the store remembers, and how far it came.
 */
package io.facet.pipelines.run;
