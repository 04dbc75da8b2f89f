/**
 * What travels with a published student: its model card and the folder that makes it an MLflow
 * model.
 */
package io.facet.pipelines.card;
