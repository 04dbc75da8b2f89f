/** Batches of aligned faces, in an order that the seed decides. */
package io.facet.models.train.data;
