/** What an MLflow server is asked: typed calls with deadlines, and the delivery of a journal. */
package io.facet.tracking.mlflow;
