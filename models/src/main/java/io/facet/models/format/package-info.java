/** Readers and writers of the file formats the field uses; malformed input is refused by name. */
package io.facet.models.format;
