/** Inference on faces: embeddings and other outputs of networks. */
package io.facet.transforms.embed;
