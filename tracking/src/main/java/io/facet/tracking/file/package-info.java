/** Files that several processes rely on: locks, whole replacement, contents by their digest. */
package io.facet.tracking.file;
