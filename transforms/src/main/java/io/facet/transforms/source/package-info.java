/** What a source of images is: its options, listing, samples and the digests of its files. */
package io.facet.transforms.source;
