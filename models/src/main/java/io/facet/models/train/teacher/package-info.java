/** The teacher's outputs during training: from the cache, or live. */
package io.facet.models.train.teacher;
