/**
 * The sources that come with Facet, one file each: folders, RecordIO, lists of pairs, drawn faces.
 */
package io.facet.transforms.source.format;
