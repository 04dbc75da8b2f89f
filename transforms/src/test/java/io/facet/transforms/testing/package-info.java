/** Helpers for tests of pipelines, also used by other modules' tests. */
package io.facet.transforms.testing;
