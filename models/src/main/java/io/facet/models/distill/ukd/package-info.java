/** Unified distillation: individual embeddings (ILED) and pairwise similarities (RPSD). */
package io.facet.models.distill.ukd;
