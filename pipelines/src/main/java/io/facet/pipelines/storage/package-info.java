/** Shared storage: the libraries it needs, and the checks that all kinds of it share. */
package io.facet.pipelines.storage;
