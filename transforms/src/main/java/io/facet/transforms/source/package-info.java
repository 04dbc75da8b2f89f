/** Where images come from: kinds of sources, their listings, and the ingest transform. */
package io.facet.transforms.source;
