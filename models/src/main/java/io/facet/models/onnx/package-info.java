/**
 * ONNX files: graphs as they are written, programs as they are read, and what goes in and comes
 * out.
 */
package io.facet.models.onnx;
