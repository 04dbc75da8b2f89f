/**
 * Where networks run: the host or a GPU, what a machine has of them, and one training at a time.
 */
package io.facet.models.device;
