/** Margin softmax heads over identities, used in training only. */
package io.facet.models.head;
