/** The journal of a session: tracking events, appended with checksums and read again. */
package io.facet.tracking.journal;
