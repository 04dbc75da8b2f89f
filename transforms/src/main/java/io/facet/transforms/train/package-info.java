/** Training as one long unit of work: what it reads, where it reports to, what it leaves. */
package io.facet.transforms.train;
