/**
 * Experiment tracking: runs, metrics, datasets, artifacts and registered models, written to a
 * durable local outbox first and delivered to MLflow in the background.
 */
package io.facet.tracking;
