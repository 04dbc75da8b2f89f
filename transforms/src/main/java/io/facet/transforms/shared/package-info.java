/** Native resources that the threads of a worker share. */
package io.facet.transforms.shared;
