/** Root package. */
package io.facet.pipelines;
