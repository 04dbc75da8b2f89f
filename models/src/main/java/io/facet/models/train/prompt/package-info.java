/** Tuning of a teacher's prompts. */
package io.facet.models.train.prompt;
