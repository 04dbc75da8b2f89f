/** What a worker may touch of the artifact store: its own attempt folder. */
package io.facet.transforms.attempt;
