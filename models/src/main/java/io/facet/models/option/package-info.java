/** Options of extensions as records: binding, defaults, ranges and messages about mistakes. */
package io.facet.models.option;
