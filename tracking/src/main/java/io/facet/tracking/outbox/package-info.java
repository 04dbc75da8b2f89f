/** The durable local journal of tracking events, with the contents of artifacts beside it. */
package io.facet.tracking.outbox;
