/** Models at hand, verified on sets without a recipe. */
package io.facet.pipelines.evaluate;
