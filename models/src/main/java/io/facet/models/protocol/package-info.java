/**
 * Verification and identification protocols, intervals and tests over scores: plain mathematics.
 */
package io.facet.models.protocol;
