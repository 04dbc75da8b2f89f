/** What people look at: plots, tables, model cards. */
package io.facet.pipelines.report;
