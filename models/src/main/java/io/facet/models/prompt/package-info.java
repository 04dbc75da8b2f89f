/** Learnable prompt tokens of a frozen transformer teacher and its saliency map. */
package io.facet.models.prompt;
