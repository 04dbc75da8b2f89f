/** Which crops stand in which batch: functions of seed, epoch and face names alone. */
package io.facet.models.train.sampler;
