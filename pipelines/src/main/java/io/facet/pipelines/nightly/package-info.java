/** What nights are remembered by, and what of them is kept. */
package io.facet.pipelines.nightly;
