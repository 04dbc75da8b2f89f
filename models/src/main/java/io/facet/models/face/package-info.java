/**
 * Faces from encoded pictures: probe, decode, detect, align, encode, and the pixels a network gets.
 */
package io.facet.models.face;
