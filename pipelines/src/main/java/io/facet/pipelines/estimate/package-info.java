/** What a recipe would take at another size, from what its stages took in a store. */
package io.facet.pipelines.estimate;
