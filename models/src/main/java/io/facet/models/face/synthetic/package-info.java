/** Drawn faces with known identity and landmarks, for demonstrations and tests without data. */
package io.facet.models.face.synthetic;
