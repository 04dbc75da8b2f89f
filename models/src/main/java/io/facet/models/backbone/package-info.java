/** Networks that turn face crops into embeddings. */
package io.facet.models.backbone;
