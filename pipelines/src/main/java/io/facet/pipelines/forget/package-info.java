/** Takes images and people out of a store and keeps them out. */
package io.facet.pipelines.forget;
