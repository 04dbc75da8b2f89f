/** Root package. */
package io.facet.transforms;
