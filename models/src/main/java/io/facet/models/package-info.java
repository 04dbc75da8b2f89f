/** Root package. */
package io.facet.models;
