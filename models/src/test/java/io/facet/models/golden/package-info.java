/** Checks the product against golden vectors: values computed by reference code or formulas. */
package io.facet.models.golden;
