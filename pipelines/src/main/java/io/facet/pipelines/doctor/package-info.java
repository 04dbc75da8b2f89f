/** What a run needs, looked at before it is needed: one check a class, each with its cure. */
package io.facet.pipelines.doctor;
