/** Learning rates as pure functions of the step. */
package io.facet.models.train.schedule;
