/** Distillation methods, a file each. */
package io.facet.models.distill.method;
