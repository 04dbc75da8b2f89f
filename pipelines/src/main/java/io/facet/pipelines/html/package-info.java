/** HTML pages and charts in them, written element by element; knows nothing about faces. */
package io.facet.pipelines.html;
