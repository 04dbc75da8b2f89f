/**
 * What is logged, in the words of MLflow: metric points, datasets, states of runs, versions of
 * models.
 */
package io.facet.tracking.entity;
