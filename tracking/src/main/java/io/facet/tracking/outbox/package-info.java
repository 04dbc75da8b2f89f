/** The durable local outbox: sessions, what was delivered, what was refused. */
package io.facet.tracking.outbox;
