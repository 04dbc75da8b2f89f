/** Small helpers over Beam's file systems: whole files, listings, relative names. */
package io.facet.transforms.file;
