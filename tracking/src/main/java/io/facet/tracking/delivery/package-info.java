/** What stands in the outbox reaches the server: order, retries, what is left to deliver. */
package io.facet.tracking.delivery;
