/** Sources become rows: images once each, samples, labels that agree, pairs that resolve. */
package io.facet.transforms.ingest;
