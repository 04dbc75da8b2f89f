/** What several distillation methods are made of. */
package io.facet.models.distill.part;
