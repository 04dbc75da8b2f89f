/** Requests to a server: addresses, credentials, certificates, and what a refusal means. */
package io.facet.tracking.rest;
