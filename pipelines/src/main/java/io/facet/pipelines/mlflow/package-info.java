/**
 * What MLflow shows of runs: parameters, curves, tables, evaluations, and the registry's champion.
 */
package io.facet.pipelines.mlflow;
