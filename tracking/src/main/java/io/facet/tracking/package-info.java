/** Root package. */
package io.facet.tracking;
