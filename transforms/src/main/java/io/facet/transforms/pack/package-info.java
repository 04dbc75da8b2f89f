/** The crops that trainings read: packed once in the order of their hashes, shared on a worker. */
package io.facet.transforms.pack;
