/** The artifact store: attempts, leases, manifests, commits and clean-up, on the driver's side. */
package io.facet.pipelines.artifact;
