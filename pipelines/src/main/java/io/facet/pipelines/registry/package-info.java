/** Models of MLflow's registry in the place of model files. */
package io.facet.pipelines.registry;
