/** Networks as ONNX models, and their check against the original. */
package io.facet.models.export;
