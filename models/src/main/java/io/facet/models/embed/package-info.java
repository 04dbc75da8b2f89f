/**
 * Everything that turns an aligned face into an embedding: our networks, ONNX, TorchScript, and
 * exports.
 */
package io.facet.models.embed;
