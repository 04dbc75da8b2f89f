/** MLflow's own calls, typed: runs, metrics in batches, datasets, artifacts, the registry. */
package io.facet.tracking.mlflow;
