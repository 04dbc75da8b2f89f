/** What a run must be known by to be run again, and the comparison of two such runs. */
package io.facet.pipelines.reproduce;
