/** Finished programs as embedders: networks of which only input and output are known. */
package io.facet.models.frozen;
