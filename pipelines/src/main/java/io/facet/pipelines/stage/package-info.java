/** The stages: what each reads, computes on Beam and leaves. */
package io.facet.pipelines.stage;
