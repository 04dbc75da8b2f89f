/** What a run made, as one HTML page for people: one section a class. */
package io.facet.pipelines.overview;
