/** A private MLflow server on this machine: Python environment, process, health, stop. */
package io.facet.tracking.server;
